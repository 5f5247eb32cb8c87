import { type DeadLetterResource, type DeadLetterState, deadLetterStates, type SummaryKey, summaryKeys } from "@sluice/core"
import { type Command, Option } from "commander"
import { exitCodes } from "../../exit-codes.ts"
import { parseCount } from "../../parse/numbers.ts"
import { oneLine } from "../../render/plain-text.ts"
import { renderTable } from "../../render/table.ts"
import { relativeTime } from "../../render/times.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { printDocument, printListing } from "../../session/print.ts"
import type { Session } from "../../session/session.ts"
import { deadLetterColumns, groupColumns, stateCell, summaryColumns } from "./columns.ts"
import { deadLetters } from "./confirm.ts"
import { addDiscardCommand } from "./discard-command.ts"
import { addReplayCommand } from "./replay-command.ts"
import { addCauseFlags, type CauseFlags, causesOf } from "./selection.ts"

interface StateFlags extends CauseFlags {
  readonly state?: DeadLetterState
}

const maxPageSize = 200

export function addDeadLettersCommand(cli: Cli): void {
  const group = cli.program.command("dead-letters").description("find, count, replay and discard what failed for good")
  addList(cli, group)
  addSummary(cli, group)
  addGroups(cli, group)
  addShow(cli, group)
  addReplayCommand(cli, group)
  addDiscardCommand(cli, group)
}

function addStateFlags(command: Command, now: () => number): Command {
  return addCauseFlags(command, now).addOption(new Option("--state <state>", "in this state").choices(deadLetterStates))
}

function addList(cli: Cli, group: Command): void {
  const command = addStateFlags(group.command("list").description("list dead letters, newest first"), cli.context.now)
  command.option("--limit <n>", "at most so many", parseCount, 20)
  onRun<StateFlags & { limit: number }>(cli, command, async ({ session, options }) => {
    const filters = { ...causesOf(options), state: options.state, limit: Math.min(options.limit + 1, maxPageSize) }
    const listing = session.client().deadLetters.list(filters, { signal: session.signal })
    return await printListing(session, listing, {
      columns: deadLetterColumns(session.now()),
      limit: options.limit,
      empty: "No dead letter matches.",
    })
  })
}

function addSummary(cli: Cli, group: Command): void {
  const command = addStateFlags(
    group.command("summary").description("count dead letters by cause; the open ones unless --state says otherwise"),
    cli.context.now,
  )
  command.addOption(new Option("--by <what>", "what to count by").choices(summaryKeys).default("errorType"))
  onRun<StateFlags & { by: SummaryKey }>(cli, command, async ({ session, options }) => {
    const { client, signal, terminal } = session
    const summary = await client().deadLetters.summary({ ...causesOf(options), state: options.state, by: options.by }, { signal })
    printDocument(session, summary, ({ data, total }) => {
      const table = renderTable({ columns: summaryColumns, rows: data, width: terminal.columns, paint: terminal.paint })
      return `${data.length === 0 ? "" : `${table}\n`}${deadLetters(total)}`
    })
    return exitCodes.ok
  })
}

function addGroups(cli: Cli, group: Command): void {
  const description = "group dead letters by error, route and endpoint; the open ones unless --state says otherwise"
  const command = addStateFlags(group.command("groups").description(description), cli.context.now)
  onRun<StateFlags>(cli, command, async ({ session, options }) => {
    const { client, signal, terminal } = session
    const groups = await client().deadLetters.groups({ ...causesOf(options), state: options.state }, { signal })
    printDocument(session, groups, ({ data, total, isComplete }) => {
      const columns = groupColumns(session.now())
      const table = renderTable({ columns, rows: data, width: terminal.columns, paint: terminal.paint })
      const rest = isComplete ? "" : "; there are more, in smaller groups"
      return `${data.length === 0 ? "" : `${table}\n`}${deadLetters(total)}${rest}`
    })
    return exitCodes.ok
  })
}

function addShow(cli: Cli, group: Command): void {
  const command = group.command("show <id>").description("one dead letter, with its replays")
  onRun(cli, command, async ({ session, args: [id = ""] }) => {
    const found = await session.client().deadLetters.get(id, { signal: session.signal })
    printDocument(session, found, (deadLetter) => describe(session, deadLetter))
    return exitCodes.ok
  })
}

function describe({ terminal: { paint }, now }: Session, deadLetter: DeadLetterResource): string {
  const { id, state, jobId, deliveryId, route, endpoint, error, attemptCount, createdAt, purgeAt, replays, discarded } = deadLetter
  const { text, style } = stateCell(state)
  const facts: readonly (readonly [string, string | null])[] = [
    ["of", deliveryId ?? jobId],
    ["route", route],
    ["endpoint", endpoint],
    ["cause", `${error.type}: ${error.message}`],
    ["calls", String(attemptCount)],
    ["died", relativeTime(createdAt, now())],
    ["kept until", purgeAt],
    ...replays.map(({ replayId, run, outcome }) => ["replayed", `as run ${run} by ${replayId}: ${outcome ?? "under way"}`] as const),
    ["discarded", discarded === null ? null : `by ${discarded.by}: ${discarded.reason}`],
  ]
  const lines = facts.flatMap(([name, value]) => (value === null ? [] : [`  ${paint("dim", name.padEnd(12))}${oneLine(value)}`]))
  return [`${id}  ${paint(style, text)}`, ...lines].join("\n")
}
