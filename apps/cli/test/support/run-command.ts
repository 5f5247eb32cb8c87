import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

export interface CommandRequest {
  readonly args: readonly string[]
  /** The whole of it. */
  readonly environment?: Readonly<Record<string, string>>
  /** Piped in. */
  readonly input?: string
  /** The folder in which it runs. */
  readonly folder?: string
}

export interface CommandOutcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The lines of standard output, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they test.
  json(): any[]
}

export interface RunningCommand {
  readonly child: ChildProcess
  readonly outcome: Promise<CommandOutcome>
}

/** Starts the command line as a process; it is killed when the test has finished. */
export function startCommand({ args, environment = {}, input = "", folder }: CommandRequest): RunningCommand {
  const child = spawn(process.execPath, [main, ...args], { env: environment, cwd: folder, stdio: "pipe" })
  child.stdin.end(input)
  onTestFinished(() => void child.kill("SIGKILL"))
  const ended = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)])
  const outcome = ended.then(([[code], stdout, stderr]) => ({
    code,
    stdout,
    stderr,
    json: () => linesOf(stdout).map((line) => JSON.parse(line)),
  }))
  return { child, outcome }
}

export function runCommand(request: CommandRequest): Promise<CommandOutcome> {
  return startCommand(request).outcome
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "")
}
