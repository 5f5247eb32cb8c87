import type { JobStore, OverdueJob } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { type JobDocument, knownVersion, unfinished } from "./job-document.ts"
import { factsProjection, outstandingProjection, toFacts, toOutstanding } from "./outstanding.ts"

/** Queued jobs that a sweep has to enqueue. Jobs of a newer release are left to its processes. */
export function findDueToEnqueue({ operations, toJobs }: JobContext): JobStore["findDueToEnqueue"] {
  return ({ at, limit }) =>
    operations.run("search for jobs to enqueue", async () => {
      const filter = { enqueueDueAt: { $lte: at }, status: "queued", ...knownVersion } as const
      const options = { sort: { enqueueDueAt: 1 }, limit, batchSize: limit + 1, projection: outstandingProjection } as const
      return (await toJobs((jobs) => jobs.find(filter, options).toArray())).map(toOutstanding)
    })
}

const overdueProjection = { ...factsProjection, createdAt: 1, deadline: 1, status: 1, waiting: 1 }

/** Unfinished jobs past their deadline. */
export function findPastDeadline({ operations, toJobs }: JobContext): JobStore["findPastDeadline"] {
  return ({ at, limit }) =>
    operations.run("search for jobs past their deadline", async () => {
      const filter = { deadline: { $lte: at }, status: { $in: unfinished }, ...knownVersion }
      const options = { sort: { deadline: 1 }, limit, batchSize: limit + 1, projection: overdueProjection } as const
      return (await toJobs((jobs) => jobs.find(filter, options).toArray())).map(toOverdue)
    })
}

function toOverdue(document: JobDocument): OverdueJob {
  const { createdAt, deadline, status, waiting } = document
  const unfinishedStatus = status === "running" ? "running" : "queued"
  return { ...toFacts(document), createdAt, deadline, status: unfinishedStatus, waiting: waiting ?? null }
}
