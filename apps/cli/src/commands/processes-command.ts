import type { ProcessResource } from "@sluice/core"
import { Option } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { parseDuration } from "../parse/duration.ts"
import type { Column } from "../render/table.ts"
import { relativeTime } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printDocument, printListing } from "../session/print.ts"

interface ProfileOptions {
  readonly heap?: boolean
  readonly for?: number
}

/** The processes that run, and looks into them. */
export function addProcessesCommand(cli: Cli): void {
  const command = cli.program.command("processes").description("list the API processes and workers that run, and what they log")
  onRun(cli, command, ({ session }) => {
    const listing = session.client().processes.list({ signal: session.signal })
    const options = { columns: columnsAt(session.now()), limit: Number.POSITIVE_INFINITY, empty: "No process gives a sign of life." }
    return printListing(session, listing, options)
  })
  const profile = command
    .command("profile <id>")
    .description("have a process write a CPU profile, or a heap snapshot, into its SLUICE_PROFILE_DIR")
    .option("--heap", "what is in its memory, prompts and keys included; it stands still meanwhile")
    .addOption(new Option("--for <time>", "how long it is watched, such as 5s; default: 10s, at most 1m").argParser(parseDuration))
  onRun<ProfileOptions>(cli, profile, async ({ session, args: [id = ""], options }) => {
    const request = { kind: options.heap ? ("heap" as const) : ("cpu" as const), ...(options.for && { durationMs: options.for }) }
    const written = await session.client().processes.profile(id, request, { signal: session.signal })
    printDocument(session, written, ({ file, bytes }) => `${file} (${bytes.toLocaleString("en")} bytes), on the machine of that process`)
    return exitCodes.ok
  })
}

function columnsAt(now: number): readonly Column<ProcessResource>[] {
  return [
    { heading: "PROCESS", cell: ({ id }) => id, minWidth: 20 },
    { heading: "KIND", cell: ({ kind }) => kind },
    { heading: "LOGS", cell: ({ logLevel, configuredLogLevel: own }) => (logLevel === own ? own : { text: logLevel, style: "yellow" }) },
    { heading: "STARTED", cell: ({ startedAt }) => relativeTime(startedAt, now) },
  ]
}
