import type { WorkerRegistry } from "@sluice/core"
import { runPeriodically } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"

export interface StartHeartbeatOptions {
  readonly workers: WorkerRegistry
  readonly workerId: string
  readonly logger: Logger
  /** Default 5 s. */
  readonly everyMs?: number
  /** A worker that was silent for so long counts as lost. Default 20 s: three beats may fail. */
  readonly ttlMs?: number
}

/** Gives signs of life until it is stopped, which says that the worker has left. The first is given before this resolves. */
export async function startHeartbeat(options: StartHeartbeatOptions): Promise<() => Promise<void>> {
  const { workers, workerId, logger, everyMs = 5_000, ttlMs = 20_000 } = options
  const stopping = new AbortController()
  const beat = () => workers.beat({ workerId, ttlMs })
  const onError = (error: unknown) => logger.warn({ err: error }, "a heartbeat was not written; it is tried again")
  await beat().catch(onError)
  const beating = runPeriodically(beat, { everyMs, signal: stopping.signal, onError })
  return async () => {
    stopping.abort()
    await beating
    await workers.leave(workerId).catch(onError)
  }
}
