import { createRetireFiles, runPeriodically } from "@sluice/engine"
import type { Logger, Releasers } from "@sluice/runtime"
import type { Store } from "@sluice/store"

export interface RetireFilesOptions {
  readonly store: Pick<Store, "files" | "blobs">
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

const everyMs = 60_000

/** Removes files whose time is over, until the signal. Every worker may: whoever comes first does. */
export function retireFiles({ store, logger, releasers, signal }: RetireFilesOptions): void {
  const retire = createRetireFiles({ files: store.files, blobs: store.blobs, clock: () => new Date() })
  const onError = (error: unknown) => logger.warn({ err: error }, "expired files could not be removed; it is tried again")
  const retiring = runPeriodically(retire, { everyMs, signal, onError })
  releasers.push({ name: "files", release: () => retiring })
}
