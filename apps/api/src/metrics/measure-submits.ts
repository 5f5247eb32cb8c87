import { StorageUnavailableError } from "@sluice/core"
import type { SubmitJob } from "@sluice/engine"
import type { JobMetrics } from "@sluice/runtime"

/** Counts submissions by what became of them. A route that nobody configured is not named: callers could make up any number. */
export function measureSubmits(jobs: Pick<JobMetrics, "submitted">, submitJob: SubmitJob): SubmitJob {
  return async (request) => {
    const { route } = request.body
    try {
      const outcome = await submitJob(request)
      jobs.submitted({ route: outcome.kind === "route_unknown" ? "unknown" : route, outcome: outcome.kind })
      return outcome
    } catch (error) {
      if (error instanceof StorageUnavailableError) jobs.submitted({ route, outcome: "storage_unavailable" })
      throw error
    }
  }
}
