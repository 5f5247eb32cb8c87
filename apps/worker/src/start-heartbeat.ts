import type { WorkerRegistry } from "@sluice/core"
import { runPeriodically } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"

const beatEveryMs = 5_000
/** A worker that was silent for so long counts as lost: three beats may fail. */
const beatTtlMs = 20_000

export interface StartHeartbeatOptions {
  readonly workers: WorkerRegistry
  readonly workerId: string
  readonly logger: Logger
}

/** Gives signs of life until it is stopped, which says that the worker has left. The first is given before this resolves. */
export async function startHeartbeat({ workers, workerId, logger }: StartHeartbeatOptions): Promise<() => Promise<void>> {
  const stopping = new AbortController()
  const beat = () => workers.beat({ workerId, ttlMs: beatTtlMs })
  const onError = (error: unknown) => logger.warn({ err: error }, "a heartbeat was not written; it is tried again")
  await beat().catch(onError)
  const beating = runPeriodically(beat, { everyMs: beatEveryMs, signal: stopping.signal, onError })
  return async () => {
    stopping.abort()
    await beating
    await workers.leave(workerId).catch(onError)
  }
}
