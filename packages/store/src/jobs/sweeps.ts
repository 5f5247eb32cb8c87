import type { Job, JobStore, QueuedJob } from "@sluice/core"
import type { Filter, Sort } from "mongodb"
import { fromDocument } from "./from-document.ts"
import type { JobContext } from "./job-context.ts"
import { currentJobDocument, type JobDocument, knownVersion, unfinished } from "./job-document.ts"

/** Queued jobs that a sweep has to enqueue. Jobs of a newer release are left to its processes. */
export function findDueToEnqueue(context: JobContext): JobStore["findDueToEnqueue"] {
  return ({ at, limit }) =>
    context.operations.run("search for jobs to enqueue", async () => {
      const filter = { enqueueDueAt: { $lte: at }, status: "queued", ...knownVersion } as const
      const jobs = await sweep(context, filter, { enqueueDueAt: 1 }, limit)
      return jobs.filter((job): job is QueuedJob => job.status === "queued")
    })
}

/** Unfinished jobs past their deadline. */
export function findPastDeadline(context: JobContext): JobStore["findPastDeadline"] {
  return ({ at, limit }) =>
    context.operations.run("search for jobs past their deadline", () =>
      sweep(context, { deadline: { $lte: at }, status: { $in: unfinished }, ...knownVersion }, { deadline: 1 }, limit),
    )
}

async function sweep({ toJobs }: JobContext, filter: Filter<JobDocument>, sort: Sort, limit: number): Promise<Job[]> {
  const found = await toJobs((jobs) => jobs.find(filter, { sort, limit, batchSize: limit + 1 }).toArray())
  return found.map((document) => fromDocument(currentJobDocument(document)))
}
