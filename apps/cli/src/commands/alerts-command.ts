import type { AlertResource } from "@sluice/client"
import { alertStates } from "@sluice/core"
import { Option } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { parseDuration } from "../parse/duration.ts"
import { parseMoment } from "../parse/moment.ts"
import { parseCount } from "../parse/numbers.ts"
import type { Column } from "../render/table.ts"
import { relativeTime } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printDocument, printListing } from "../session/print.ts"

interface AlertsOptions {
  readonly state?: AlertResource["state"]
  readonly rule?: string
  readonly since?: string
  readonly limit: number
}

export function addAlertsCommand(cli: Cli): void {
  const command = cli.program.command("alerts").description("list alerts, mute them, try the channels they are sent to")
  const list = command
    .command("list", { isDefault: true })
    .description("list what fires, is about to, and is over; newest first")
    .addOption(new Option("--state <state>", "in this state").choices(alertStates))
    .option("--rule <name>", "of this rule")
    .option("--since <when>", "that were not over by then, as 2026-11-20T18:00:00Z or 2h ago", parseMoment(cli.context.now))
    .option("--limit <n>", "at most so many", parseCount, 20)
  onRun<AlertsOptions>(cli, list, ({ session, options: { state, rule, since, limit } }) => {
    const listing = session.client().alerts.list({ state, rule, since, limit: Math.min(limit + 1, 200) }, { signal: session.signal })
    return printListing(session, listing, { columns: columnsAt(session.now()), limit, empty: "There are no alerts." })
  })
  const mute = command
    .command("mute <id>")
    .description("send no reminders of an alert for a while; that it is over is sent all the same")
    .requiredOption("--for <time>", "for how long, such as 2h", parseDuration)
  onRun<{ readonly for: number }>(cli, mute, async ({ session, args: [id = ""], options }) => {
    const alert = await session.client().alerts.mute(id, { forMs: options.for, signal: session.signal })
    printDocument(session, alert, ({ state, mutedUntil }) =>
      state === "resolved" ? `${id} is over already.` : `${id} is muted until ${mutedUntil}.`,
    )
    return exitCodes.ok
  })
  addTestCommand(cli, command)
}

function addTestCommand(cli: Cli, alerts: ReturnType<Cli["program"]["command"]>): void {
  const test = alerts.command("test <channel>").description("send a test message to a channel of `alerts.channels`")
  onRun(cli, test, async ({ session, args: [channel = ""] }) => {
    const result = await session.client().alerts.testChannel(channel, { signal: session.signal })
    printDocument(session, result, ({ delivered, error }) => (delivered ? `${channel} took it.` : `${channel} did not take it: ${error}`))
    return result.delivered ? exitCodes.ok : exitCodes.failed
  })
}

const styles = { pending: "dim", firing: "red", resolved: "green" } as const

function columnsAt(now: number): readonly Column<AlertResource>[] {
  return [
    { heading: "STATE", cell: ({ state, severity }) => ({ text: `${state} ${severity}`, style: styles[state] }) },
    { heading: "SINCE", cell: ({ since }) => relativeTime(since, now) },
    { heading: "RULE", cell: ({ rule }) => rule, optional: 1 },
    { heading: "WHAT", cell: ({ summary }) => summary, minWidth: 30 },
    { heading: "TOLD", cell: ({ notices }) => toldText(notices), optional: 2 },
    { heading: "ID", cell: ({ id }) => id, optional: 3 },
  ]
}

/** Which channels have been told, and which have not yet. */
function toldText(notices: AlertResource["notices"]): string {
  const last = new Map(notices.map((notice) => [notice.channel, notice]))
  return [...last.values()].map(({ channel, sentAt }) => (sentAt === null ? `${channel} (not yet)` : channel)).join(", ") || "-"
}
