import { spawn } from "node:child_process"
import { createInterface } from "node:readline"

export interface CommandOptions {
  /** The command is ended after this time, and counts as failed. */
  timeoutMs?: number
  /** Added to the environment of this process. */
  environment?: Readonly<Record<string, string>>
  /** Called with each line of standard output and standard error. */
  onLine?: (line: string) => void
  signal?: AbortSignal | undefined
}

export interface CommandResult {
  /** 127 when there is no such program; `undefined` when it was killed, ran out of time or was aborted. */
  exitCode: number | undefined
  stdout: string
  stderr: string
}

/** Runs a program to its end. Never rejects: a program that is not there, or fails, is a result too. */
export type CommandRunner = (command: string, args: readonly string[], options?: CommandOptions) => Promise<CommandResult>

export const runCommand: CommandRunner = (command, args, options = {}) => {
  const { promise, resolve } = Promise.withResolvers<CommandResult>()
  // Through env(1), which adds to an environment that nobody here has to read.
  const assignments = Object.entries(options.environment ?? {}).map(([name, value]) => `${name}=${value}`)
  const signals = [options.signal, options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs)]
  const child = spawn("env", [...assignments, command, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    signal: AbortSignal.any(signals.filter((signal) => signal !== undefined)),
    killSignal: "SIGKILL",
  })
  const output: Record<"stdout" | "stderr", string[]> = { stdout: [], stderr: [] }
  for (const stream of ["stdout", "stderr"] as const) {
    createInterface({ input: child[stream] }).on("line", (line) => {
      output[stream].push(line)
      options.onLine?.(line)
    })
  }
  child.once("error", (error) => output.stderr.push(error.message))
  child.once("close", (exitCode) => {
    resolve({ exitCode: exitCode ?? undefined, stdout: output.stdout.join("\n"), stderr: output.stderr.join("\n") })
  })
  return promise
}
