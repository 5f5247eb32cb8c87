import type { RemovalObstacle } from "../ports/job-store.ts"
import { isFinal, type Job } from "./job.ts"
import { hasUntoldEvent, openLetterOf } from "./transition.ts"

/** What in the job itself keeps it from being removed; its deliveries may do so as well. */
export function removalObstacleOf(job: Job): Exclude<RemovalObstacle, "delivery_pending" | "delivery_given_up"> | null {
  if (!isFinal(job)) return "unfinished"
  if (openLetterOf(job)) return "dead_letter_open"
  return hasUntoldEvent(job) ? "untold" : null
}
