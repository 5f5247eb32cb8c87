import { type Job, type JobStore, jobId } from "@sluice/core"
import type { Request } from "express"
import { Problem } from "../../problems/problem.ts"

/** The id in the path. One that cannot be an id is not found, like one that names nothing. */
export function jobIdOf(request: Request): string {
  const id = jobId.safeParse(request.params.id)
  if (!id.success) throw jobNotFound()
  return id.data
}

export async function findJob(jobs: JobStore, request: { readonly tenantId: string; readonly id: string }): Promise<Job> {
  const job = await jobs.find(request)
  if (job === null) throw jobNotFound()
  return job
}

export function jobNotFound(): Problem {
  return new Problem({
    code: "not_found",
    detail: "There is no such job, or the key may not see it, or it has been removed after its retention.",
  })
}

/** A job that has an output; throws `not_found` for one that has none, or none yet. */
export async function findSucceeded(
  jobs: JobStore,
  request: { readonly tenantId: string; readonly id: string },
): Promise<Extract<Job, { status: "succeeded" }>> {
  const job = await findJob(jobs, request)
  if (job.status === "succeeded") return job
  throw new Problem({ code: "not_found", detail: `The job has no output: it is ${job.status}.` })
}
