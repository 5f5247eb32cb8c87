import { mkdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { namedCandidate, runningCandidate } from "../search/common-candidates.ts"
import { dockerCandidate, userOfThisProcess } from "../search/docker-candidate.ts"
import type { Candidate } from "../search/first-available.ts"
import { processCandidate } from "../search/process-candidate.ts"
import type { ServiceSearch } from "../search/service-search.ts"
import { installObstacle, installRedis } from "./install-redis.ts"
import { redisProblem } from "./redis-ping.ts"
import { joinRedis, redisSettings, startRedis } from "./start-redis.ts"

const PREFERRED_PORT = 6379
/** BullMQ recommends 6.2; older ones lack commands that it uses. */
const OLDEST = [6, 2] as const

export const redisRemedy =
  "Install redis-server (6.2 or newer) so that it is on the PATH, start a Docker engine, or set REDIS_URL to a Redis that answers."

/** The ways to a Redis, in the order in which they are tried. */
export function redisCandidates(search: ServiceSearch): Candidate[] {
  const { run, report, signal } = search
  const folder = resolve(join(search.dataFolder, "redis"))
  const containerFolder = join(folder, "container")
  mkdirSync(containerFolder, { recursive: true })
  const start = () => startRedis({ folder, preferredPort: PREFERRED_PORT, signal })
  return [
    namedCandidate("REDIS_URL", search.url, redisProblem),
    runningCandidate(() => joinRedis({ folder, signal })),
    dockerCandidate({
      name: "redis",
      image: "redis:8",
      port: 6379,
      preferredPort: PREFERRED_PORT,
      dataFolder: containerFolder,
      dataPath: "/data",
      command: ["redis-server", ...redisSettings],
      user: userOfThisProcess(),
      urlOf: (port) => `redis://127.0.0.1:${port}`,
      problemOf: redisProblem,
      run,
      report,
      signal,
    }),
    processCandidate({
      name: "redis-server on the PATH",
      obstacle: () => redisServerObstacle(search),
      start,
      description: "redis-server of the PATH",
      signal,
    }),
    processCandidate({
      name: "redis-server from apt",
      obstacle: () => installObstacle({ ...search, isRoot: process.getuid?.() === 0 }),
      start: async () => {
        await installRedis(search)
        return start()
      },
      description: "redis-server, installed by apt",
      signal,
    }),
  ]
}

/** Why the machine's own redis-server cannot be used; `undefined` when it can. */
export async function redisServerObstacle({ run, signal }: Pick<ServiceSearch, "run" | "signal">): Promise<string | undefined> {
  const { exitCode, stdout } = await run("redis-server", ["--version"], { timeoutMs: 5_000, signal })
  if (exitCode !== 0) return "there is none"
  const [major = 0, minor = 0] = (/v=(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number)
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
  return isOld ? `it is version ${major}.${minor}, and ${OLDEST.join(".")} is needed` : undefined
}
