import type { JobFilter, JobPageRequest, JobStore } from "@sluice/core"
import type { Filter } from "mongodb"
import type { JobContext } from "./job-context.ts"
import type { JobDocument } from "./job-document.ts"

/** A page of a tenant's jobs, newest first. */
export function listJobs({ toJobs, operations, toJob }: JobContext): JobStore["list"] {
  return (request) =>
    operations.run("list of jobs", async () => {
      const { limit } = request
      const found = await toJobs((jobs) => jobs.find(filterOf(request), { sort: { _id: -1 }, limit, batchSize: limit + 1 }).toArray())
      return found.map(toJob)
    })
}

function filterOf({ filter, before }: JobPageRequest): Filter<JobDocument> {
  const { tenantId, route, batchId } = filter
  return {
    tenantId,
    ...idFilter(filter, before),
    ...(route !== undefined && { route }),
    ...(batchId !== undefined && { batchId }),
    ...stateFilter(filter),
    ...createdFilter(filter),
    ...metadataFilter(filter),
  }
}

/** By how much an id may be ahead of its job's `createdAt`: that of a batch borrows milliseconds, and clocks are set back. */
const aheadMs = 300_000

/** Ids begin with the time, so a range of times is one of ids, by which all is sorted: what is newer need not be walked through. */
function idFilter({ createdAfter, createdBefore }: JobFilter, before: string | null): Filter<JobDocument> {
  const latest = createdBefore && firstIdAt(createdBefore.getTime() + aheadMs)
  const below = [before, latest].filter((id) => typeof id === "string").sort()[0]
  if (below === undefined && createdAfter === undefined) return {}
  return { _id: { ...(below !== undefined && { $lt: below }), ...(createdAfter && { $gte: firstIdAt(createdAfter.getTime()) }) } }
}

/** Not above any id that was made then. */
function firstIdAt(ms: number): string {
  return `job_${Math.max(0, ms).toString(16).padStart(12, "0")}`
}

function stateFilter({ statuses, errorType, tier, quality }: JobFilter): Filter<JobDocument> {
  return {
    ...(statuses !== undefined && { status: { $in: [...statuses] } }),
    ...(errorType !== undefined && { "error.type": errorType }),
    ...(tier !== undefined && { "result.provenance.served.tier": tier }),
    ...(quality !== undefined && { "result.provenance.quality": quality }),
  }
}

function createdFilter({ createdAfter, createdBefore }: JobFilter): Filter<JobDocument> {
  if (createdAfter === undefined && createdBefore === undefined) return {}
  return { createdAt: { ...(createdAfter && { $gt: createdAfter }), ...(createdBefore && { $lt: createdBefore }) } }
}

function metadataFilter({ metadata = {} }: JobFilter): Filter<JobDocument> {
  const entries = Object.entries(metadata).map(([k, v]) => ({ k, v }))
  return entries.length > 0 ? { metadata: { $exists: true, $all: entries } } : {}
}
