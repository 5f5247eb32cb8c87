import { ServicesUnavailableError } from "../search/services-unavailable-error.ts"
import { type CommandRunner, runCommand } from "../system/run-command.ts"
import { installObstacle, installRedis } from "./install-redis.ts"
import { redisRemedy, redisServerObstacle } from "./redis-candidates.ts"

export interface ProvideRedisServerOptions {
  /** Asked before it is installed. */
  readonly mayInstall: () => Promise<boolean> | boolean
  readonly report: (line: string) => void
  readonly signal?: AbortSignal | undefined
  readonly run?: CommandRunner
  readonly install?: typeof installRedis
}

/**
 * Sees to it that there is a redis-server on the PATH, for those who need a process of their own and not just any Redis.
 * @throws ServicesUnavailableError when there is none and it cannot be installed.
 */
export async function provideRedisServer(options: ProvideRedisServerOptions): Promise<void> {
  const { mayInstall, report, signal, run = runCommand, install = installRedis } = options
  const missing = await redisServerObstacle({ run, signal })
  if (missing === undefined) return
  const obstacle = await installObstacle({ run, mayInstall, signal, isRoot: process.getuid?.() === 0 })
  if (obstacle === undefined) return await install({ run, report, signal })
  const tried = [
    { what: "redis-server on the PATH", why: missing },
    { what: "redis-server from apt", why: obstacle },
  ]
  throw new ServicesUnavailableError("redis-server", tried, redisRemedy)
}
