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
    ...(before !== null && { _id: { $lt: before } }),
    ...(route !== undefined && { route }),
    ...(batchId !== undefined && { batchId }),
    ...stateFilter(filter),
    ...createdFilter(filter),
    ...metadataFilter(filter),
  }
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
