import type { JobFilter, JobPageRequest, JobStore } from "@sluice/core"
import type { Filter } from "mongodb"
import type { JobContext } from "./job-context.ts"
import type { JobDocument } from "./job-document.ts"

/** Most pages are found in the first of these spans before their upper end; the last goes back to the first job. */
const spansMs = [60_000, 1_800_000, 43_200_000, Number.POSITIVE_INFINITY]

/** A page of a tenant's jobs, newest first. */
export function listJobs({ toJobs, operations, toJob }: JobContext): JobStore["list"] {
  return (request) =>
    operations.run("list of jobs", async () => {
      const found: JobDocument[] = []
      for (const range of rangesOf(request)) {
        const limit = request.limit - found.length
        const filter = { ...filterOf(request), ...range }
        found.push(...(await toJobs((jobs) => jobs.find(filter, { sort: { _id: -1 }, limit, batchSize: limit + 1 }).toArray())))
        if (found.length >= request.limit) break
      }
      return found.map(toJob)
    })
}

function filterOf({ filter }: JobPageRequest): Filter<JobDocument> {
  const { tenantId, route, batchId } = filter
  return {
    tenantId,
    ...(route !== undefined && { route }),
    ...(batchId !== undefined && { batchId }),
    ...stateFilter(filter),
    ...createdFilter(filter),
    ...metadataFilter(filter),
  }
}

/**
 * The ids among which a page is looked for, one range after the other. What fits may be millions, of which an engine that does not walk
 * an index in its order would fetch and sort all; filters that few jobs fit are looked for at once.
 */
function* rangesOf({ filter, before }: JobPageRequest): Generator<Filter<JobDocument>> {
  const { below, from } = idBounds(filter, before)
  const { batchId, errorType, metadata, createdAfter } = filter
  const isNarrow = [batchId, errorType, metadata, createdAfter].some((value) => value !== undefined)
  let upper = below
  for (const spanMs of isNarrow ? [Number.POSITIVE_INFINITY] : spansMs) {
    const endMs = upper === undefined ? Date.now() : timeOf(upper)
    const lower = Number.isFinite(spanMs) ? firstIdAt(endMs - spanMs) : from
    if (lower === undefined && upper === undefined) yield {}
    else yield { _id: { ...(upper !== undefined && { $lt: upper }), ...(lower !== undefined && { $gte: lower }) } }
    upper = lower
  }
}

/** By how much an id may be ahead of its job's `createdAt`: that of a batch borrows milliseconds, and clocks are set back. */
const aheadMs = 300_000

/** Ids begin with the time, so a range of times is one of ids, by which all is sorted: what is newer need not be walked through. */
function idBounds({ createdAfter, createdBefore }: JobFilter, before: string | null): { readonly below?: string; readonly from?: string } {
  const latest = createdBefore && firstIdAt(createdBefore.getTime() + aheadMs)
  const below = [before, latest].filter((id) => typeof id === "string").sort()[0]
  return { ...(below !== undefined && { below }), ...(createdAfter && { from: firstIdAt(createdAfter.getTime()) }) }
}

/** When the job of an id was made, in milliseconds; now for what is no such id. */
function timeOf(id: string): number {
  const ms = Number.parseInt(id.slice("job_".length, "job_".length + 12), 16)
  return Number.isNaN(ms) ? Date.now() : ms
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
