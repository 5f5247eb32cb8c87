import type { ReplayOverrides, ReplayResource } from "@sluice/core"
import type { Command } from "commander"
import { type ExitCode, exitCodes } from "../../exit-codes.ts"
import { parseCount } from "../../parse/numbers.ts"
import { oneLine } from "../../render/plain-text.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import type { Session } from "../../session/session.ts"
import { followReplay } from "../follow-replay.ts"
import { confirm, deadLetters } from "./confirm.ts"
import { addCauseFlags, type CauseFlags, selectionOf } from "./selection.ts"

interface ReplayFlags extends CauseFlags {
  readonly all?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly detach?: boolean
  readonly perSecond?: number
  readonly toRoute?: string
  readonly onEndpoint?: string
}

export function addReplayCommand(cli: Cli, group: Command): void {
  const described = group.command("replay [ids...]").description("run dead jobs again, at a bounded pace; shows the progress")
  const command = addCauseFlags(described, cli.context.now)
    .option("--all", "all that are open")
    .optionsGroup("How:")
    .option("--dry-run", "only count")
    .option("-y, --yes", "do not ask")
    .option("--detach", "do not wait for the end")
    .option("--per-second <n>", "start at most so many runs a second (default: 50)", parseCount)
    .option("--to-route <name>", "on another route of the same kind")
    .option("--on-endpoint <name>", "by this endpoint of the route only")
  onRun<ReplayFlags>(cli, command, ({ session, args, options }) => replay(session, args, options))
}

async function replay(session: Session, ids: readonly string[], flags: ReplayFlags): Promise<ExitCode> {
  const { client, signal, terminal } = session
  const selection = selectionOf({ ids, causes: flags, isAll: flags.all ?? false })
  const request = { ...selection, ...paceOf(flags), ...overridesOf(flags) }
  const planned = await client().deadLetters.replay({ ...request, dryRun: true }, { signal })
  if (flags.dryRun || planned.matched === 0) return printPlan(session, planned)
  const deed = `replay ${deadLetters(planned.matched)}, ${planned.perSecond} a second`
  if (!(await confirm(session, { count: planned.matched, deed, isAgreed: flags.yes ?? false }))) {
    terminal.note("Nothing is changed.")
    return exitCodes.failed
  }
  const started = await client().deadLetters.replay(request, { signal })
  return await followReplay(session, started, { isDetached: flags.detach ?? false })
}

function printPlan({ terminal, isJson }: Session, plan: ReplayResource): ExitCode {
  terminal.out(isJson ? JSON.stringify(plan) : `${deadLetters(plan.matched)} would be replayed.`)
  if (!isJson && plan.hint !== null) terminal.note(oneLine(plan.hint))
  return exitCodes.ok
}

function paceOf({ perSecond }: ReplayFlags) {
  return perSecond === undefined ? {} : { perSecond }
}

function overridesOf({ toRoute, onEndpoint }: ReplayFlags): { overrides?: ReplayOverrides } {
  if (toRoute === undefined && onEndpoint === undefined) return {}
  return { overrides: { route: toRoute, endpoint: onEndpoint } }
}
