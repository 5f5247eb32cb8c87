import type { AuditEntryResource } from "@sluice/core"
import { parseCount } from "../parse/numbers.ts"
import type { Column } from "../render/table.ts"
import { relativeTime } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printListing } from "../session/print.ts"

interface AuditOptions {
  readonly actor?: string
  readonly action?: string
  readonly target?: string
  readonly limit: number
}

export function addAuditCommand(cli: Cli): void {
  const command = cli.program
    .command("audit")
    .description("list what operators did, newest first")
    .option("--actor <key>", "who did it")
    .option("--action <name>", "what was done, such as replay.create")
    .option("--target <name>", "what it was done to")
    .option("--limit <n>", "at most so many", parseCount, 20)
  onRun<AuditOptions>(cli, command, ({ session, options: { actor, action, target, limit } }) => {
    const listing = session.client().audit.list({ actor, action, target, limit: Math.min(limit + 1, 200) }, { signal: session.signal })
    return printListing(session, listing, { columns: columnsAt(session.now()), limit, empty: "Nothing was done that matches." })
  })
}

function columnsAt(now: number): readonly Column<AuditEntryResource>[] {
  return [
    { heading: "WHEN", cell: ({ at }) => relativeTime(at, now) },
    { heading: "WHO", cell: ({ actor }) => actor, minWidth: 6 },
    { heading: "WHAT", cell: ({ action }) => action },
    { heading: "TO", cell: ({ target }) => target ?? "-", minWidth: 6 },
    { heading: "TENANT", cell: ({ tenantId }) => tenantId, minWidth: 6, optional: 2 },
    { heading: "DETAILS", cell: ({ details }) => JSON.stringify(details), minWidth: 12, optional: 1 },
  ]
}
