import type { SweepObserver } from "@sluice/engine"
import type { WorkerMetrics } from "./worker-metrics.ts"

/** Counts what the reconciler mends and which jobs it ends, and passes it on. */
export function measureRepairs({ upkeep, jobs }: Pick<WorkerMetrics, "upkeep" | "jobs">, observer: SweepObserver): SweepObserver {
  return {
    ...observer,
    repaired(event) {
      observer.repaired(event)
      upkeep.repaired(event)
    },
    jobEnded(event) {
      observer.jobEnded(event)
      const { job, ending } = event
      jobs.swept({ route: job.route, status: ending.status, errorType: "error" in ending ? ending.error.type : "" })
      if ("error" in ending) upkeep.deadLetter({ kind: "job", errorType: ending.error.type })
    },
  }
}
