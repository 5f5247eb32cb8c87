import type { AdmissionEvent } from "@sluice/redis"
import type { WorkerMetrics } from "./worker-metrics.ts"

/** Counts what became known about providers. */
export function measureAdmission({ upkeep }: Pick<WorkerMetrics, "upkeep">): (event: AdmissionEvent) => void {
  return (event) => {
    if (event.kind === "breaker_changed") upkeep.breakerChanged({ endpoint: event.endpoint, to: event.to })
    if (event.kind === "credential_disabled") upkeep.credentialDisabled({ reason: event.reason })
  }
}
