import type { Command } from "commander"
import { exitCodes } from "../../exit-codes.ts"
import { oneLine } from "../../render/plain-text.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { confirm, deadLetters } from "./confirm.ts"
import { addCauseFlags, type CauseFlags, selectionOf } from "./selection.ts"

interface DiscardFlags extends CauseFlags {
  readonly all?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly reason: string
}

export function addDiscardCommand(cli: Cli, group: Command): void {
  const described = group.command("discard [ids...]").description("give dead letters up: they are not replayed any more")
  const command = addCauseFlags(described, cli.context.now)
    .option("--all", "all that are open")
    .optionsGroup("How:")
    .requiredOption("--reason <text>", "why, for the audit log")
    .option("--dry-run", "only count")
    .option("-y, --yes", "do not ask")
  onRun<DiscardFlags>(cli, command, async ({ session, args, options }) => {
    const { client, signal, terminal, isJson } = session
    const { reason, yes = false, dryRun = false, all = false } = options
    const selection = selectionOf({ ids: args, causes: options, isAll: all })
    // What a replay would take is what a discard would.
    const { matched } = await client().deadLetters.replay({ ...selection, dryRun: true }, { signal })
    if (dryRun) {
      terminal.out(isJson ? JSON.stringify({ matched }) : `${deadLetters(matched)} would be discarded.`)
      return exitCodes.ok
    }
    if (!(await confirm(session, { count: matched, deed: `discard ${deadLetters(matched)}`, isAgreed: yes }))) {
      terminal.note("Nothing is changed.")
      return exitCodes.failed
    }
    const result = await client().deadLetters.discard({ ...selection, reason }, { signal })
    terminal.out(isJson ? JSON.stringify(result) : `${deadLetters(result.discarded)} discarded.`)
    if (!isJson && result.hint !== null) terminal.note(oneLine(result.hint))
    return exitCodes.ok
  })
}
