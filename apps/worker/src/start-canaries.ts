import { StorageUnavailableError } from "@sluice/core"
import { runPeriodically } from "@sluice/engine"
import type { Logger, Releasers } from "@sluice/runtime"

export interface StartCanariesOptions {
  readonly check: () => Promise<unknown>
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

const everyMs = 2_000

/** Has this process take its turns at asking canaries, until the signal. Each has a period of its own; this is how often it is looked at. */
export function startCanaries({ check, logger, releasers, signal }: StartCanariesOptions): void {
  const onError = (error: unknown) => {
    // An outage of the database is told of by all that work with it.
    if (!(error instanceof StorageUnavailableError)) logger.warn({ err: error }, "canaries could not be asked; it is tried again")
  }
  const asking = runPeriodically(check, { everyMs, signal, onError })
  releasers.push({ name: "canaries", release: () => asking })
}
