import { startProcessAttendant } from "@sluice/engine"
import { createProcessControl, type RedisHandle } from "@sluice/redis"
import { createLevelSwitch, createProfiler, type Environment, type Logger, type Releasers } from "@sluice/runtime"

export interface AttendProcessOptions {
  readonly redis: RedisHandle
  readonly environment: Pick<Environment, "logLevel" | "profileFolder">
  readonly workerId: string
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

/** Has the process heed what operators order over Redis while it runs. */
export function attendProcess({ redis, environment, logger, releasers, signal, workerId: id }: AttendProcessOptions): void {
  const attendant = startProcessAttendant({
    id,
    kind: "worker",
    control: createProcessControl({ redis }),
    levels: createLevelSwitch({ logger, configured: environment.logLevel, kind: "worker" }),
    makeProfile: createProfiler({ folder: environment.profileFolder, processId: id }),
    onError: (error) => logger.debug({ err: error }, "operators' orders could not be asked for; it is tried again"),
    signal,
  })
  releasers.push({ name: "operators' orders", release: attendant.close })
}
