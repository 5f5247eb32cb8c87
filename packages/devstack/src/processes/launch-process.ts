import { spawn } from "node:child_process"
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { pollUntil } from "../system/poll-until.ts"
import { identifyProcess, isRunning, type ProcessIdentity } from "../system/process-identity.ts"
import { endProcess } from "./end-process.ts"
import { ServiceStartError } from "./service-start-error.ts"

export interface LaunchOptions {
  /** For messages: "Redis". */
  title: string
  /** Names its log in the folder. */
  name: string
  folder: string
  command: string
  args: readonly string[]
  cwd?: string | undefined
  url: string
  answers: (url: string, pid: number) => Promise<boolean>
  /** Called at once, long before it answers: from then on it can be found again after a crash of this process. */
  onStarted: (process: ProcessIdentity) => void
  signal?: AbortSignal | undefined
}

const READY_TIMEOUT_MS = 60_000
const TAIL_LINES = 15

/**
 * Starts a server that outlives this process, and waits until it answers. One that does not is ended.
 * @throws ServiceStartError when it ends first, or does not answer within a minute.
 */
export async function launchProcess(options: LaunchOptions): Promise<ProcessIdentity> {
  const logFile = join(options.folder, `${options.name}.log`)
  const started = spawnDetached(options, logFile)
  if (!started)
    throw new ServiceStartError(
      `${options.title} could not be started: there is no ${options.command}, or it ended at once.`,
      tail(logFile),
    )
  options.onStarted(started)
  try {
    await waitUntilReady(options, started, logFile)
    return started
  } catch (error) {
    await endProcess(started, "SIGKILL")
    throw error
  }
}

function spawnDetached({ folder, command, args, cwd }: LaunchOptions, logFile: string): ProcessIdentity | undefined {
  mkdirSync(folder, { recursive: true })
  const log = openSync(logFile, "w")
  // Detached: a Ctrl-C at the terminal is for the starter, which then stops its services in order.
  const child = spawn(command, args, { cwd, detached: true, stdio: ["ignore", log, log] })
  closeSync(log)
  child.once("error", () => undefined) // said by the missing pid
  child.unref()
  return child.pid === undefined ? undefined : identifyProcess(child.pid)
}

async function waitUntilReady({ title, url, answers, signal }: LaunchOptions, started: ProcessIdentity, logFile: string): Promise<void> {
  const isDecided = async () => !isRunning(started) || (await answers(url, started.pid))
  const isInTime = await pollUntil(isDecided, { timeoutMs: READY_TIMEOUT_MS, signal })
  if (!isRunning(started)) throw new ServiceStartError(`${title} ended while starting.`, tail(logFile))
  if (!isInTime) throw new ServiceStartError(`${title} did not answer at ${url} within ${READY_TIMEOUT_MS / 1000} s.`, tail(logFile))
}

function tail(logFile: string): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-TAIL_LINES).join("\n")
}
