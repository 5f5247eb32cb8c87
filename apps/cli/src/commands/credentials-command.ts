import type { ProviderCredentialResource } from "@sluice/core"
import type { Command } from "commander"
import { UsageError } from "../errors/usage-error.ts"
import { exitCodes } from "../exit-codes.ts"
import type { Column } from "../render/table.ts"
import { relativeTime } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printDocument, printListing } from "../session/print.ts"
import type { Session } from "../session/session.ts"

/** `sluice credentials`: the tenant's own keys at providers. A key is never an argument: those stand in histories and process lists. */
export function addCredentialsCommand(cli: Cli): void {
  const group = cli.program.command("credentials").description("the tenant's own keys at providers")
  addList(cli, group)
  addSet(cli, group)
  addRemove(cli, group)
}

function addList(cli: Cli, group: Command): void {
  const command = group.command("list").description("list them, without the keys")
  onRun(cli, command, ({ session }) => {
    const listing = session.client().providerCredentials.list({ signal: session.signal })
    const empty = "The tenant has stored no keys."
    return printListing(session, listing, { columns: columnsAt(session.now()), limit: Number.POSITIVE_INFINITY, empty })
  })
}

function columnsAt(now: number): readonly Column<ProviderCredentialResource>[] {
  return [
    { heading: "NAME", cell: ({ name }) => name },
    { heading: "FOR", cell: (credential) => credential.for ?? "nothing any more" },
    { heading: "ENDS", cell: ({ hint }) => `..${hint}` },
    { heading: "STORED", cell: ({ updatedAt }) => relativeTime(updatedAt, now) },
    { heading: "USED", cell: ({ lastUsedAt }) => (lastUsedAt === null ? "never" : relativeTime(lastUsedAt, now)) },
  ]
}

function addSet(cli: Cli, group: Command): void {
  const command = group
    .command("set <name>")
    .description("store or replace the key for a provider, or for one endpoint; it is read from standard input, or asked for")
  onRun(cli, command, async ({ session, args: [name = ""] }) => {
    const secret = await readSecret(session, name)
    const stored = await session.client().providerCredentials.set(name, secret, { signal: session.signal })
    printDocument(session, stored, ({ hint }) => `${name}: the key that ends in ${hint} is stored. It is used within seconds.`)
    return exitCodes.ok
  })
}

async function readSecret({ terminal, signal }: Session, name: string): Promise<string> {
  const text = terminal.hasInput ? await terminal.readInput() : await askHidden(terminal, name, signal)
  const secret = text.replace(/[\r\n]+$/, "")
  if (secret === "")
    throw new UsageError(`There is no key. Pipe it in (sluice credentials set ${name} < FILE), or type it when it is asked for.`)
  return secret
}

async function askHidden(terminal: Session["terminal"], name: string, signal: AbortSignal): Promise<string> {
  return terminal.isInteractive ? await terminal.askHidden(`The key for ${name} (it is not shown): `, signal) : ""
}

function addRemove(cli: Cli, group: Command): void {
  const command = group.command("remove <name>").description("remove a key; jobs that nothing else can serve wait until there is one again")
  onRun(cli, command, async ({ session, args: [name = ""] }) => {
    await session.client().providerCredentials.remove(name, { signal: session.signal })
    printDocument(session, { name, removed: true }, () => `${name}: removed`)
    return exitCodes.ok
  })
}
