import { existsSync, readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { CommandRunner } from "../system/run-command.ts"

export interface HostCheck {
  fetch: typeof fetch
  /** How long the host may take to answer. */
  answerTimeoutMs?: number
  signal?: AbortSignal | undefined
}

export interface DownloadOptions {
  /** Where the program is kept. */
  folder: string
  run: CommandRunner
  report: (line: string) => void
  signal?: AbortSignal | undefined
}

const HOST = "https://fastdl.mongodb.org/"
const DEFAULT_ANSWER_TIMEOUT_MS = 4_000
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000

export function isMongodDownloaded(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith("mongod"))
}

/** Why MongoDB's own programs cannot be downloaded here; `undefined` when their host answers within seconds. */
export async function downloadObstacle({
  fetch: request,
  answerTimeoutMs = DEFAULT_ANSWER_TIMEOUT_MS,
  signal,
}: HostCheck): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(answerTimeoutMs)
  try {
    await request(HOST, { method: "HEAD", signal: AbortSignal.any([timeout, ...(signal ? [signal] : [])]) })
    return undefined
  } catch (error) {
    signal?.throwIfAborted()
    return timeout.aborted ? `${HOST} does not answer within ${answerTimeoutMs / 1000} s` : `${HOST} cannot be reached (${reason(error)})`
  }
}

/**
 * Downloads a mongod that fits this system, unless it is there already, and returns its path.
 * @throws Error when there is none for this system, or it takes longer than five minutes.
 */
export async function downloadMongod({ folder, run, report, signal }: DownloadOptions): Promise<string> {
  report("MongoDB: fetching mongod, over the network the first time")
  const downloader = fileURLToPath(new URL("mongod-downloader.ts", import.meta.url))
  const { exitCode, stdout, stderr } = await run(process.execPath, [downloader, folder], { timeoutMs: DOWNLOAD_TIMEOUT_MS, signal })
  signal?.throwIfAborted()
  const path = stdout.trimEnd().split("\n").at(-1)
  if (exitCode === 0 && path) return path
  throw new Error(`mongod could not be downloaded: ${/^\w*Error: .*$/m.exec(stderr)?.[0] ?? "it took longer than five minutes"}`)
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
