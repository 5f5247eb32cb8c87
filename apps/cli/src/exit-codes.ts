/** What the exit code of the command says; see docs/cli.md. */
export const exitCodes = {
  ok: 0,
  /** The job did not succeed, the API refused, or what was checked is not in order. */
  failed: 1,
  /** The command line cannot be meant. */
  usage: 2,
  /** No API of Sluice answers at the address. */
  unreachable: 3,
  /** The job had not ended when `--timeout` was over. It goes on. */
  unfinished: 4,
  /** Ctrl-C, as shells have it. */
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
