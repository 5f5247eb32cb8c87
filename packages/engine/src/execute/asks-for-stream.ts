import type { Endpoint } from "@sluice/core"
import type { Execution } from "./execution.ts"

/**
 * Whether a call is made so that its answer can be read while it is being written: always, except for jobs of the class `bulk`, for
 * which hardly anybody waits, unless somebody watches this one. An endpoint may say otherwise.
 */
export function asksForStream({ job, live }: Pick<Execution, "job" | "live">, { streaming = "auto" }: Endpoint): boolean {
  switch (streaming) {
    case "off":
      return false
    case "always":
      return true
    case "auto":
      return job.options.priority !== "bulk" || live.isWatched()
  }
}
