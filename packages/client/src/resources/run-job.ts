import type { ChatOutput, EmbeddingOutput, ImageOutput, JobResource, Json, SubmitRequest } from "@sluice/core"
import { JobFailedError } from "../errors/job-failed-error.ts"
import type { Jobs, SubmitOptions } from "./jobs.ts"
import type { WaitOptions } from "./wait-for-job.ts"

/** Aborting `signal` ends the waiting and no more: the job goes on. */
export type RunOptions = Pick<SubmitOptions, "idempotencyKey"> &
  Pick<WaitOptions, "timeoutMs" | "expand" | "onUpdate" | "pollMs" | "signal">

type Succeeded<Kind, Output> = Omit<JobResource, "kind" | "status" | "output"> & {
  readonly status: "succeeded"
  readonly kind: Kind
  readonly output: Output
}

/** `kind` tells what `output` is. */
export type SucceededJob =
  | Succeeded<"chat", ChatOutput>
  | Succeeded<"embedding", EmbeddingOutput>
  | Succeeded<"image", ImageOutput>
  | Succeeded<"custom", Json>

export type RunJob = (request: SubmitRequest, options?: RunOptions) => Promise<SucceededJob>

/** Most jobs take less, and so one request. */
const firstWaitMs = 20_000

export function createRunJob(jobs: Pick<Jobs, "submit" | "wait" | "output">, now: () => number): RunJob {
  return async (request, { idempotencyKey, timeoutMs = Number.POSITIVE_INFINITY, ...options } = {}) => {
    const { signal, pollMs = firstWaitMs, expand = [], onUpdate } = options
    const startedAt = now()
    const accepted = await jobs.submit(request, {
      signal,
      waitMs: Math.min(pollMs, timeoutMs),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    })
    if (accepted.finishedAt === null) onUpdate?.(accepted)
    const hasAll = accepted.finishedAt !== null && expand.length === 0
    const leftMs = Math.max(0, timeoutMs - (now() - startedAt))
    const job = hasAll ? accepted : await jobs.wait(accepted.id, { ...options, timeoutMs: leftMs })
    const ended = job.outputUrl === null ? job : { ...job, output: await jobs.output(job.id, { signal }) }
    if (!hasSucceeded(ended)) throw new JobFailedError(ended)
    return ended
  }
}

/** The contract ties the output to the kind; the wire's type does not say so. */
function hasSucceeded(job: JobResource): job is JobResource & SucceededJob {
  return job.status === "succeeded"
}
