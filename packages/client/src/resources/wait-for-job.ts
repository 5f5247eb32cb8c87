import type { Expansion, JobResource } from "@sluice/core"
import { WaitTimeoutError } from "../errors/wait-timeout-error.ts"
import type { CallOptions } from "../paging/list-resource.ts"
import type { Sleep } from "../transport/sleep.ts"

export interface WaitOptions extends CallOptions {
  /** Default: until the job ends, which it does at its deadline at the latest. */
  readonly timeoutMs?: number
  readonly expand?: readonly Expansion[]
  /** Called with the job each time it was looked at and had not ended. */
  readonly onUpdate?: (job: JobResource) => void
  /** How long one request may wait, at most 60,000: the longest time between two updates. Default 20,000. */
  readonly pollMs?: number
}

export type WaitForJob = (id: string, options?: WaitOptions) => Promise<JobResource>

export interface WaitForJobDependencies {
  get(id: string, options: CallOptions & { waitMs: number; expand: readonly Expansion[] }): Promise<JobResource>
  readonly sleep: Sleep
  readonly now: () => number
}

/** A server that does not wait, e.g. because it shuts down, is not asked more often than this. */
const shortestPollMs = 500
const never = new AbortController().signal

export function createWaitForJob({ get, sleep, now }: WaitForJobDependencies): WaitForJob {
  return async (id, { timeoutMs = Number.POSITIVE_INFINITY, expand = [], onUpdate, pollMs = 20_000, signal = never } = {}) => {
    const giveUpAt = now() + timeoutMs
    for (;;) {
      const askedAt = now()
      const job = await get(id, { waitMs: Math.max(0, Math.min(pollMs, giveUpAt - askedAt)), expand, signal })
      if (job.finishedAt !== null) return job
      onUpdate?.(job)
      const leftMs = giveUpAt - now()
      if (leftMs <= 0) throw new WaitTimeoutError({ job, timeoutMs })
      await sleep(Math.max(0, Math.min(leftMs, shortestPollMs - (now() - askedAt))), signal)
    }
  }
}
