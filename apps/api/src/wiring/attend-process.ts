import { hostname } from "node:os"
import type { ProcessReport } from "@sluice/core"
import { createProcessAttendant, runPeriodically } from "@sluice/engine"
import { createProcessControl, type RedisHandle } from "@sluice/redis"
import { createLevelSwitch, createProfiler, createWorkerId, type Environment, type Logger, type Releasers } from "@sluice/runtime"

export interface AttendProcessOptions {
  readonly redis: RedisHandle
  readonly environment: Pick<Environment, "logLevel" | "profileFolder">
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

/** Orders reach the process within twice this time. */
const everyMs = 900

/** Has the process heed what operators order while it runs: over Redis, and by SIGUSR2 for what is logged. */
export function attendProcess(options: AttendProcessOptions): void {
  const { redis, environment, logger, releasers, signal } = options
  const id = createWorkerId()
  const control = createProcessControl({ redis })
  const levels = createLevelSwitch({ logger, configured: environment.logLevel, kind: "api" })
  const own = { id, kind: "api", host: hostname(), pid: process.pid, startedAt: new Date(), configuredLogLevel: levels.configured } as const
  const onError = (error: unknown) => logger.debug({ err: error }, "operators' orders could not be asked for; it is tried again")
  const tick = createProcessAttendant({
    control,
    describe: (): ProcessReport => ({ ...own, logLevel: levels.current() }),
    heedLogLevel: levels.heed,
    makeProfile: createProfiler({ folder: environment.profileFolder, processId: id }),
    onError,
  })
  process.on("SIGUSR2", levels.toggle)
  const attending = runPeriodically(tick, { everyMs, signal, onError })
  releasers.push({
    name: "operators' orders",
    async release() {
      process.off("SIGUSR2", levels.toggle)
      await attending
      await control.leave(id).catch(onError)
    },
  })
}
