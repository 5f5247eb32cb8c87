import { join, resolve } from "node:path"
import { mongodbCandidates, mongodbRemedy } from "./mongodb/mongodb-candidates.ts"
import { redisCandidates, redisRemedy } from "./redis/redis-candidates.ts"
import { firstAvailable } from "./search/first-available.ts"
import { withFolderLock } from "./system/folder-lock.ts"
import { runCommand } from "./system/run-command.ts"

export interface StartServicesOptions {
  /** All data, pid files and logs of this checkout: `.data`. */
  dataFolder: string
  environment: { REDIS_URL?: string | undefined; MONGODB_URL?: string | undefined }
  /** Asked, at most once, before packages of the operating system are installed. */
  mayInstall: () => Promise<boolean> | boolean
  /** Told, in lines for a person, what is chosen and why, and how an installation goes. */
  report: (line: string) => void
  /** Takes the programs of the stand-in from the installation in this folder, made if need be: for tests. */
  documentdbImage?: string
  signal?: AbortSignal
}

export interface Services {
  redisUrl: string
  mongodbUrl: string
  /** Stops what was started for this call, and only that. May be called several times. */
  stop(): Promise<void>
}

/**
 * Finds or starts Redis and MongoDB for development and tests, and resolves when both answer. Several commands of one
 * checkout share its services; each checkout has its own.
 * @throws ServicesUnavailableError listing what was tried; Error when REDIS_URL or MONGODB_URL is set but does not answer.
 */
export function startServices(options: StartServicesOptions): Promise<Services> {
  const { report, signal } = options
  const dataFolder = resolve(options.dataFolder)
  const lock = {
    path: join(dataFolder, "services.lock"),
    title: "the start of Redis and MongoDB",
    onWait: (pid: number) => report(`Services: process ${pid} is starting them, waiting for it`),
    signal,
  }
  return withFolderLock(lock, async () => {
    const { REDIS_URL, MONGODB_URL } = options.environment
    const common = { dataFolder, mayInstall: once(options.mayInstall), report, run: runCommand, signal }
    const searches = [
      firstAvailable({ service: "Redis", candidates: redisCandidates({ ...common, url: REDIS_URL }), remedy: redisRemedy, report }),
      firstAvailable({
        service: "MongoDB",
        candidates: mongodbCandidates({ ...common, url: MONGODB_URL, fetch, image: options.documentdbImage }),
        remedy: mongodbRemedy,
        report,
      }),
    ] as const
    const [redis, mongodb] = await allOrNone(searches)
    const stop = once(async () => void (await Promise.all([redis.stop(), mongodb.stop()])))
    return { redisUrl: redis.url, mongodbUrl: mongodb.url, stop }
  })
}

/** Waits for all; when one fails, stops the others and fails with the first error. */
async function allOrNone<T extends { stop(): Promise<void> }>([first, second]: readonly [Promise<T>, Promise<T>]): Promise<[T, T]> {
  const outcomes = await Promise.allSettled([first, second])
  const failure = outcomes.find((outcome) => outcome.status === "rejected")
  if (!failure) return [await first, await second]
  await Promise.all(outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value.stop() : undefined)))
  throw failure.reason
}

function once<T>(work: () => T): () => T {
  let result: { value: T } | undefined
  return () => {
    result ??= { value: work() }
    return result.value
  }
}
