import type { ReplayResource } from "@sluice/core"
import { exitCodes } from "../exit-codes.ts"
import { parseCount } from "../parse/numbers.ts"
import type { Column } from "../render/table.ts"
import { relativeTime } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printDocument, printListing } from "../session/print.ts"
import { replayText } from "./follow-replay.ts"

export function addReplaysCommand(cli: Cli): void {
  const command = cli.program
    .command("replays")
    .description("list replays of dead letters, newest first")
    .option("--limit <n>", "at most so many", parseCount, 20)
  onRun<{ limit: number }>(cli, command, ({ session, options: { limit } }) => {
    const listing = session.client().replays.list({ limit: Math.min(limit + 1, 200) }, { signal: session.signal })
    return printListing(session, listing, { columns: columnsAt(session.now()), limit, empty: "There were no replays." })
  })
  const show = command.command("show <id>").description("how far a replay is")
  onRun(cli, show, async ({ session, args: [id = ""] }) => {
    printDocument(session, await session.client().replays.get(id, { signal: session.signal }), replayText)
    return exitCodes.ok
  })
  const cancel = command.command("cancel <id>").description("start no more runs; those that were started go on")
  onRun(cli, cancel, async ({ session, args: [id = ""] }) => {
    printDocument(session, await session.client().replays.cancel(id, { signal: session.signal }), replayText)
    return exitCodes.ok
  })
}

function columnsAt(now: number): readonly Column<ReplayResource>[] {
  const counted = (heading: string, count: (replay: ReplayResource) => number, optional = 0): Column<ReplayResource> => ({
    heading,
    cell: (replay) => count(replay).toLocaleString("en"),
    align: "right",
    optional,
  })
  return [
    { heading: "REPLAY", cell: ({ id }) => id ?? "-" },
    { heading: "STATUS", cell: ({ status }) => ({ text: status, style: status === "running" ? "cyan" : "dim" }) },
    { heading: "STARTED", cell: ({ createdAt }) => relativeTime(createdAt, now) },
    counted("MATCHED", ({ matched }) => matched),
    counted("REQUEUED", ({ requeued }) => requeued),
    counted("SUCCEEDED", ({ succeeded }) => succeeded),
    counted("FAILED", ({ failed }) => failed),
    counted("SKIPPED", ({ skipped }) => skipped, 1),
    { heading: "BY", cell: ({ by }) => by, minWidth: 6, optional: 2 },
  ]
}
