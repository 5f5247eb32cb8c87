import type { LeaseStore } from "@sluice/core"
import { runPeriodically } from "@sluice/engine"
import type { Logger, Releasers } from "@sluice/runtime"

export interface StartProbingOptions {
  readonly probe: () => Promise<unknown>
  readonly leases: LeaseStore
  readonly workerId: string
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

const probeEveryMs = 1_000
/** Longer than a round of probes takes. */
const probesLeaseMs = 30_000

/** Has this process take its turn at probing endpoints. Not within the sweep: an endpoint that hangs would hold it up. */
export function startProbing({ probe, leases, workerId, logger, releasers, signal }: StartProbingOptions): void {
  const mayProbe = () => leases.acquire({ name: "probes", holder: workerId, ttlMs: probesLeaseMs })
  const probing = runPeriodically(async () => (await mayProbe()) && probe(), {
    everyMs: probeEveryMs,
    signal,
    onError: (error) => logger.warn({ err: error }, "probing endpoints failed; it is tried again"),
  })
  releasers.push({ name: "probes", release: () => probing })
}
