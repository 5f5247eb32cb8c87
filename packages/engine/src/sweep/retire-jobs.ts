import { removeUnlessHeld } from "../remove/remove-job.ts"
import type { StepContext } from "./sweep-dependencies.ts"

/** Each is some commands to the database: what is left waits for the next look. */
const maxJobs = 200
const statuses = ["succeeded", "failed", "cancelled", "expired"] as const

/** Removes jobs whose retention is over, with all that belongs to them. */
export async function retireJobs(context: StepContext): Promise<void> {
  const { scans, catalog, clock, repaired, stillLeading } = context
  for (const status of statuses) {
    const at = clock()
    const finishedBefore = new Date(at.getTime() - catalog().retention[status])
    const ended = await scans.findRetired({ status, at, finishedBefore, limit: maxJobs })
    for (const job of ended) {
      if ((await removeUnlessHeld(context, job)) === "removed") repaired("retired", 1)
      await stillLeading()
    }
  }
}
