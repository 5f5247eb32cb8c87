import type { Attempt, JobResult, JobStore } from "@sluice/core"
import { sampleFailure, sampleResult, sampleSuccess } from "@sluice/core/testing"

interface Finished {
  readonly id: string
  readonly result?: JobResult
  /** Default: now. */
  readonly at?: Date
  readonly attempts?: readonly Attempt[]
}

async function claim(jobs: JobStore, id: string): Promise<{ id: string; run: number; token: string }> {
  const token = "t1"
  await jobs.claim({ id, run: 1, claim: { token, workerId: "w1", at: new Date() } })
  return { id, run: 1, token }
}

/** What a worker does to a job that goes well. */
export async function succeed(jobs: JobStore, { id, result = sampleResult(), at = new Date(), attempts }: Finished): Promise<void> {
  await jobs.finish({ ...(await claim(jobs, id)), ending: sampleSuccess({ at, result, ...(attempts && { attempts }) }) })
}

/** What a worker does to a job that goes wrong. */
export async function fail(jobs: JobStore, { id, attempts }: Finished): Promise<void> {
  await jobs.finish({ ...(await claim(jobs, id)), ending: sampleFailure({ at: new Date(), ...(attempts && { attempts }) }) })
}
