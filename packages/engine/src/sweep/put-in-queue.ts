import type { OutstandingJob } from "@sluice/core"
import { queueEntryOf } from "../submit/submit-job.ts"
import { pageSize, type SweepDependencies } from "./sweep-dependencies.ts"

type Queueing = Pick<SweepDependencies, "queue" | "inventory" | "tenants">

/** Adds what the queue does not hold yet; what it holds keeps its place. */
export async function addToQueue({ queue, tenants }: Queueing, jobs: readonly OutstandingJob[]): Promise<void> {
  for (let at = 0; at < jobs.length; at += pageSize) {
    await queue.enqueue(jobs.slice(at, at + pageSize).map((job) => queueEntryOf(job, { tenants })))
  }
}

/**
 * Adds those jobs again that no worker would ever get, and leaves all others alone. Resolves with how many those were. What
 * has been executed since it was looked at is added in vain: its claim will be refused.
 */
export async function repairQueue(dependencies: Queueing, jobs: readonly OutstandingJob[]): Promise<number> {
  const { absent, stranded } = await dependencies.inventory.missing(jobs)
  for (const job of stranded) await dependencies.queue.remove(job)
  const missing = [...absent, ...stranded]
  await addToQueue(dependencies, missing)
  return missing.length
}
