import { isFinal, type Job } from "@sluice/core"
import type { JobWaiter } from "@sluice/engine"
import type { Request, Response } from "express"
import { goneSignal } from "../../routes/jobs/gone-signal.ts"
import { waitForEnd } from "../../routes/jobs/submit-job.ts"
import { errorOfJob, unfinished } from "../errors/error-of-job.ts"
import { jobHeaders } from "./provenance.ts"
import type { Submitted } from "./submit-openai-job.ts"
import { waitMsOf } from "./wait-time.ts"

/** Beyond the wait itself, for the answer to be made and sent. */
const answeringMs = 30_000

/**
 * Waits for a job's end for as long as the caller does, and tells by headers who answered. Throws the error that the job ended
 * with, or `job_unfinished`. A caller that leaves takes nothing with it: the job is accepted, and goes on.
 */
export async function awaitResult(
  jobWaiter: JobWaiter,
  { request, response }: { readonly request: Request; readonly response: Response },
  { job, hasKey }: Submitted,
): Promise<Extract<Job, { status: "succeeded" }>> {
  const waitMs = waitMsOf(request)
  // The server gives up connections on which nothing moves, and on this one nothing is to move for so long.
  request.setTimeout(waitMs + answeringMs)
  const seen = isFinal(job) ? job : await waitForEnd(jobWaiter, { job, waitMs, signal: goneSignal(response) })
  if (!isFinal(seen)) throw unfinished({ job: seen, hasKey })
  if (seen.status !== "succeeded") throw errorOfJob(seen)
  response.set(jobHeaders(seen))
  return seen
}
