import type { Command } from "commander"
import type { ExitCode } from "../exit-codes.ts"
import { type CliContext, type GlobalOptions, openSession } from "./open-session.ts"
import type { Session } from "./session.ts"

/** The program as commands add themselves to it. */
export interface Cli {
  readonly program: Command
  readonly context: CliContext
  /** The exit code of the command that ran. */
  exitCode: ExitCode
}

export interface Invocation<Options> {
  readonly session: Session
  /** The positional arguments that were given, in order. */
  readonly args: readonly string[]
  readonly options: Options
}

/** Has `handler` run for the command, in a session made from the options that all commands share. */
export function onRun<Options>(cli: Cli, command: Command, handler: (invocation: Invocation<Options>) => Promise<ExitCode>): void {
  command.action(async () => {
    const options = command.optsWithGlobals<Options & GlobalOptions>()
    const session = openSession(cli.context, options)
    cli.exitCode = await handler({ session, args: command.args, options })
  })
}
