import { writeFile } from "node:fs/promises"
import { type SloWindow, sloWindows } from "@sluice/core"
import { Option } from "commander"
import { UsageError } from "../../errors/usage-error.ts"
import { exitCodes } from "../../exit-codes.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import type { Session } from "../../session/session.ts"
import { gatherReport } from "./gather-report.ts"
import { renderReport } from "./render-report.ts"

interface ReportOptions {
  readonly since: SloWindow
  readonly output?: string
}

export function addReportCommand(cli: Cli): void {
  const command = cli.program
    .command("report")
    .description("write a report in Markdown: objectives, incidents, errors, tiers, cost, what was slow, dead letters")
    .addOption(new Option("--since <time>", "how far back").choices(sloWindows).default("7d"))
    .option("-o, --output <file>", "write it there; default: print it")
  onRun<ReportOptions>(cli, command, async ({ session, options: { since: window, output } }) => {
    const report = await gatherReport({ client: session.client(), window, now: new Date(session.now()), signal: session.signal })
    const text = session.isJson ? `${JSON.stringify(report)}\n` : renderReport(report)
    if (output === undefined) session.terminal.out(text.trimEnd())
    else await writeReport(session, output, text)
    return exitCodes.ok
  })
}

async function writeReport({ pathOf, terminal }: Session, output: string, text: string): Promise<void> {
  try {
    await writeFile(pathOf(output), text)
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
    throw new UsageError(`${output} cannot be written (${code}). Name a file in a folder that exists, with -o.`)
  }
  terminal.note(`The report is in ${output}.`)
}
