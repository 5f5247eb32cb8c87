import { type Clock, endedWait, type HeldJob, type JobScans, type JobStore } from "@sluice/core"
import { enqueueDueAt } from "../submit/enqueue-due-at.ts"
import type { RunningExecutions } from "./running-executions.ts"

export interface ReturnStraysDependencies {
  readonly store: Pick<JobStore, "handBack">
  readonly scans: Pick<JobScans, "findClaimedBy">
  readonly running: Pick<RunningExecutions, "has">
  readonly clock: Clock
  readonly workerId: string
}

const pageSize = 1_000
/** Younger claims are hardly ever strays, and most of a worker's claims are younger. */
const claimAgeMs = 10_000

/**
 * Hands back what this worker holds but does not execute: the database may carry out a claim long after the worker was told
 * that it cannot be reached, or refuse to take a job back. As long as the worker lives nobody else would look after such a job,
 * unless the queue still has its entry. Resolves to how many there were.
 */
export function createReturnStrays({ store, scans, running, clock, workerId }: ReturnStraysDependencies): () => Promise<number> {
  return async () => {
    const now = clock()
    const claimed = await scans.findClaimedBy({ workerId, claimedBefore: new Date(now.getTime() - claimAgeMs), limit: pageSize })
    const strays = claimed.filter(({ id, run, claim }) => !running.has({ id, run, token: claim.token }))
    const back = { notBefore: null, waiting: null, enqueueDueAt: enqueueDueAt({ now, notBefore: null }), attempts: [] }
    const handBack = (job: HeldJob) =>
      store.handBack({ id: job.id, run: job.run, token: job.claim.token, ...back, waited: endedWait(job, { at: now }) })
    const outcomes = await Promise.all(strays.map(handBack))
    return outcomes.filter(({ applied }) => applied).length
  }
}
