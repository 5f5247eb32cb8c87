import type { Registry } from "@prometheus-io/client"
import type { FinalState, Job, Waiting } from "@sluice/core"
import { jobSeconds } from "./buckets.ts"
import { instrumentsOf } from "./instruments.ts"

export interface JobMetrics {
  /** `outcome`: accepted, replayed, or the code of the problem that it was refused with. */
  submitted(event: { readonly route: string; readonly outcome: string; readonly count?: number }): void
  started(event: { readonly route: string; readonly priority: string; readonly waitedSeconds: number }): void
  /** A job was handed back because it has to wait. */
  waits(event: { readonly route: string; readonly reason: Waiting["reason"] }): void
  degraded(event: { readonly route: string; readonly tier: string }): void
  ended(job: Pick<Job, "route" | "createdAt"> & FinalState): void
  /** The reconciler ended a job, of which it knows no more than this. */
  swept(job: { readonly route: string; readonly status: string; readonly errorType: string }): void
}

/** Jobs by route. No label names a tenant: their number has no bound, and what is theirs is told by `/v1/usage`. */
export function createJobMetrics(registry: Registry): JobMetrics {
  const { counter, histogram } = instrumentsOf(registry)
  const submits = counter("sluice_jobs_submitted_total", "Jobs that were sent, by what became of the request.", ["route", "outcome"])
  const queueWaits = histogram(
    "sluice_job_start_delay_seconds",
    "From when a job could run first (its submission, or its runAt) to the first claim of its run.",
    ["route", "priority"],
    jobSeconds,
  )
  const waits = counter("sluice_job_waits_total", "How often jobs were put back in line to wait, by reason.", ["route", "reason"])
  const degradations = counter("sluice_jobs_degraded_total", "How often a job turned to a lower tier.", ["route", "tier"])
  const ended = counter(
    "sluice_jobs_ended_total",
    "Runs that ended, by status; the tier that served those that succeeded, the error of the others.",
    ["route", "status", "tier", "error_type"],
  )
  const durations = histogram("sluice_job_duration_seconds", "From submission to the end.", ["route", "status"], jobSeconds)
  const cacheHits = counter("sluice_cache_hits_total", "Jobs that were answered from the cache, by kind of match.", ["route", "kind"])
  return {
    submitted: ({ route, outcome, count = 1 }) => submits.inc({ route, outcome }, count),
    started: ({ route, priority, waitedSeconds }) => queueWaits.observe({ route, priority }, Math.max(0, waitedSeconds)),
    waits: ({ route, reason }) => waits.inc({ route, reason }),
    degraded: ({ route, tier }) => degradations.inc({ route, tier }),
    ended(job) {
      const { route, status } = job
      const tier = job.status === "succeeded" ? job.result.provenance.served.tier : ""
      const errorType = "error" in job ? job.error.type : ""
      ended.inc({ route, status, tier, error_type: errorType })
      durations.observe({ route, status }, (job.finishedAt.getTime() - job.createdAt.getTime()) / 1_000)
      const cache = job.status === "succeeded" ? job.result.provenance.cache : null
      if (cache) cacheHits.inc({ route, kind: cache.kind })
    },
    swept: ({ route, status, errorType }) => ended.inc({ route, status, tier: "", error_type: errorType }),
  }
}
