import type { ApiKeyResource } from "@sluice/core"
import { type Command, InvalidArgumentError } from "commander"
import { exitCodes } from "../../exit-codes.ts"
import { parseDuration } from "../../parse/duration.ts"
import type { Cell, Column } from "../../render/table.ts"
import { relativeTime } from "../../render/times.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { printDocument, printListing } from "../../session/print.ts"
import type { Session } from "../../session/session.ts"
import type { Style } from "../../terminal/terminal.ts"

const maxPageSize = 200

export function addKeysCommand(cli: Cli): void {
  const group = cli.program.command("keys").description("make, rotate and revoke API keys")
  addCreate(cli, group)
  addList(cli, group)
  addRotate(cli, group)
  addRevoke(cli, group)
}

interface CreateOptions {
  readonly scopes: string[]
  readonly expiresIn?: number
}

function addCreate(cli: Cli, group: Command): void {
  const command = group
    .command("create <name>")
    .description("make a key, for another tenant with --tenant; prints it, this once")
    .requiredOption("--scopes <list>", "what it may do, such as jobs:read,webhooks:* or *", parseScopes)
    .option("--expires-in <time>", "30d, 12h; default: as late as your own key", parseDuration)
  onRun<CreateOptions>(cli, command, async ({ session, args: [name = ""], options: { scopes, expiresIn } }) => {
    const expiresAt = expiresIn === undefined ? undefined : new Date(session.now() + expiresIn).toISOString()
    printKey(session, await session.client().apiKeys.create({ name, scopes, expiresAt }, { signal: session.signal }))
    return exitCodes.ok
  })
}

/** Which there are is for the API to say. */
function parseScopes(text: string): string[] {
  const scopes = text.split(",").filter((part) => part !== "")
  if (scopes.length === 0) throw new InvalidArgumentError("Expected scopes such as jobs:read, separated by commas.")
  return scopes
}

function addList(cli: Cli, group: Command): void {
  const command = group.command("list").description("list the tenant's keys, newest first, revoked and expired ones too")
  onRun(cli, command, ({ session }) => {
    const listing = session.client().apiKeys.list({ limit: maxPageSize }, { signal: session.signal })
    return printListing(session, listing, {
      columns: columnsAt(session.now()),
      limit: Number.POSITIVE_INFINITY,
      empty: "There are no keys. `sluice keys create NAME --scopes jobs:*` makes one.",
    })
  })
}

function addRotate(cli: Cli, group: Command): void {
  const command = group
    .command("rotate <id>")
    .description("give a key a new secret; prints it, this once")
    .option("--overlap <time>", "how long the old one is accepted too (default: 24h)", parseDuration)
    .option("--now", "end the old one at once")
  onRun<{ overlap?: number; now?: boolean }>(cli, command, async ({ session, args: [id = ""], options: { overlap, now = false } }) => {
    const overlapMs = now ? 0 : overlap
    const options = { signal: session.signal, ...(overlapMs !== undefined && { overlapMs }) }
    printKey(session, await session.client().apiKeys.rotate(id, options))
    return exitCodes.ok
  })
}

function addRevoke(cli: Cli, group: Command): void {
  const command = group.command("revoke <id>").description("have a key refused everywhere within seconds, for good")
  onRun(cli, command, async ({ session, args: [id = ""] }) => {
    const key = await session.client().apiKeys.revoke(id, { signal: session.signal })
    printDocument(session, key, ({ name }) => `${id} (${name}) is revoked`)
    return exitCodes.ok
  })
}

/** The key alone on standard output, so that it can be piped where it is kept. */
function printKey(session: Session, document: ApiKeyResource): void {
  printDocument(session, document, ({ key = "" }) => key)
  if (!session.isJson) session.terminal.note(`This is ${document.id} of the tenant ${document.tenantId}. It is not shown again.`)
}

const styles: Readonly<Record<ApiKeyResource["status"], Style>> = { active: "green", expired: "yellow", revoked: "red" }

function columnsAt(now: number): readonly Column<ApiKeyResource>[] {
  return [
    { heading: "KEY", cell: ({ id }) => id },
    { heading: "NAME", cell: ({ name }) => name, minWidth: 8 },
    { heading: "STATUS", cell: ({ status }): Cell => ({ text: status, style: styles[status] }) },
    { heading: "SCOPES", cell: ({ scopes }) => scopes.join(", "), minWidth: 12, optional: 1 },
    { heading: "BEGINS", cell: ({ hint }) => hint, optional: 2 },
    { heading: "USED", cell: ({ lastUsedAt }) => relativeTime(lastUsedAt, now), optional: 1 },
    { heading: "EXPIRES", cell: ({ expiresAt }) => relativeTime(expiresAt, now), optional: 1 },
  ]
}
