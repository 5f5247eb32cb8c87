import { type LogLevel, type LogLevelResource, logLevels, type ProcessKind, processKinds } from "@sluice/core"
import { Argument, Option } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { parseDuration } from "../parse/duration.ts"
import { relativeTime } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printDocument } from "../session/print.ts"

interface LevelOptions {
  readonly for?: number
  readonly of?: ProcessKind
}

/** What is logged, by all processes, for a while. */
export function addLogLevelCommand(cli: Cli): void {
  const command = cli.program
    .command("log-level")
    .description("show or change what all processes log; without a level: show it")
    .addArgument(new Argument("[level]", "what is logged from now on").choices([...logLevels, "reset"]))
    .addOption(new Option("--for <time>", "how long, such as 10m; default: 15m, at most 1d").argParser(parseDuration))
    .addOption(new Option("--of <kind>", "only by processes of this kind").choices(processKinds))
  onRun<LevelOptions>(cli, command, async ({ session, args: [level], options }) => {
    const { processes } = session.client()
    const { signal } = session
    const known = logLevels.find((one) => one === level)
    const shown = known
      ? await processes.setLogLevel(requestOf(known, options), { signal })
      : await (level === "reset" ? processes.resetLogLevel({ signal }) : processes.logLevel({ signal }))
    printDocument(session, shown, (document) => describe(document, session.now()))
    return exitCodes.ok
  })
}

function requestOf(level: LogLevel, { for: forMs, of }: LevelOptions) {
  return { level, ...(of && { of }), ...(forMs && { forMs }) }
}

function describe({ override }: LogLevelResource, now: number): string {
  if (!override) return "Each process logs what it is configured to."
  const who = override.of === null ? "All processes log" : `Processes of the kind ${override.of} log`
  return `${who} ${override.level}, asked for by ${override.by}; that ends ${relativeTime(override.until, now)}.`
}
