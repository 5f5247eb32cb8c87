import { CommanderError } from "commander"
import { describeError } from "./errors/describe-error.ts"
import { type ExitCode, exitCodes } from "./exit-codes.ts"
import { createCli } from "./program.ts"
import type { CliContext } from "./session/open-session.ts"

/** Runs one command line, says what went wrong, and resolves with the exit code. It never rejects. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const cli = createCli(context)
  try {
    await cli.program.parseAsync(args, { from: "user" })
    return cli.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (context.signal.aborted) return exitCodes.interrupted
    const { text, exitCode } = describeError(error, context.terminal.paint)
    context.terminal.note(text)
    return exitCode
  }
}
