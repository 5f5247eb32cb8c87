import type { JobStore, OverdueJob } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { type JobDocument, knownVersion, unfinished } from "./job-document.ts"
import { outstandingProjection, toOutstanding } from "./outstanding.ts"

/** Queued jobs that a sweep has to enqueue. Jobs of a newer release are left to its processes. */
export function findDueToEnqueue({ operations, toJobs }: JobContext): JobStore["findDueToEnqueue"] {
  return ({ at, limit }) =>
    operations.run("search for jobs to enqueue", async () => {
      const filter = { enqueueDueAt: { $lte: at }, status: "queued", ...knownVersion } as const
      const options = { sort: { enqueueDueAt: 1 }, limit, batchSize: limit + 1, projection: outstandingProjection } as const
      return (await toJobs((jobs) => jobs.find(filter, options).toArray())).map(toOutstanding)
    })
}

const overdueProjection = { run: 1, route: 1, tenantId: 1, createdAt: 1, deadline: 1, status: 1, waiting: 1 }

/** Unfinished jobs past their deadline. */
export function findPastDeadline({ operations, toJobs }: JobContext): JobStore["findPastDeadline"] {
  return ({ at, limit }) =>
    operations.run("search for jobs past their deadline", async () => {
      const filter = { deadline: { $lte: at }, status: { $in: unfinished }, ...knownVersion }
      const options = { sort: { deadline: 1 }, limit, batchSize: limit + 1, projection: overdueProjection } as const
      return (await toJobs((jobs) => jobs.find(filter, options).toArray())).map(toOverdue)
    })
}

function toOverdue({ _id: id, run, route, tenantId, createdAt, deadline, status, waiting }: JobDocument): OverdueJob {
  const unfinishedStatus = status === "running" ? "running" : "queued"
  return { id, run, route, tenantId, createdAt, deadline, status: unfinishedStatus, waiting: waiting ?? null }
}
