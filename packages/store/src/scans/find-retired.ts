import type { EndedJob, JobScans } from "@sluice/core"
import type { Filter } from "mongodb"
import type { Database } from "../connection/database.ts"
import { type DeliveryDocument, deliveriesCollection } from "../deliveries/delivery-document.ts"
import { type JobDocument, jobsCollection, knownVersion } from "../jobs/job-document.ts"
import { openDelivery, removable } from "../jobs/remove-job.ts"

type Request = Parameters<JobScans["findRetired"]>[0]

/** A look goes through so many pages at most; the next one begins anew. */
const maxPages = 10
/** Different values of `retainMs` that one look attends to. */
const maxOwnRetentions = 100

/** Jobs without a word of their own first, then those that say how long they are to be retained. */
export async function findRetired(database: Database, request: Request): Promise<readonly EndedJob[]> {
  const { status, at, finishedBefore, limit } = request
  const found = await pages(database, request, { status, "options.retainMs": null, finishedAt: endedBy(finishedBefore) })
  for (const retainMs of await ownRetentions(database, status)) {
    if (found.length >= limit) break
    const finishedAt = endedBy(new Date(at.getTime() - retainMs))
    found.push(...(await pages(database, request, { status, "options.retainMs": retainMs, finishedAt })))
  }
  return found.toSorted((a, b) => a.finishedAt.getTime() - b.finishedAt.getTime()).slice(0, limit)
}

/** Repeats the condition of the partial index, without which the planner must not use that. */
function endedBy(time: Date) {
  return { $exists: true, $lte: time }
}

/** The values in use, found by one step through the index for each. */
async function ownRetentions(database: Database, status: Request["status"]): Promise<readonly number[]> {
  const values: number[] = []
  for (let last = 0; values.length < maxOwnRetentions; ) {
    const filter = { status, "options.retainMs": { $gt: last }, finishedAt: { $exists: true } }
    const options = { sort: { "options.retainMs": 1 }, projection: { "options.retainMs": 1 } } as const
    const next = await database.send((db) => db.collection<JobDocument>(jobsCollection).findOne(filter, options))
    if (!next?.options.retainMs) break
    last = next.options.retainMs
    values.push(last)
  }
  return values
}

/** What matches and is not held by anything else; pages of which all are held are passed over. */
async function pages(database: Database, { at, limit }: Request, retired: Filter<JobDocument>): Promise<EndedJob[]> {
  const free: EndedJob[] = []
  let after: Filter<JobDocument> = {}
  for (let page = 0; page < maxPages && free.length < limit; page += 1) {
    const isFree = { ...removable, idempotencyExpiresAt: { $not: { $gt: at } } }
    const filter = { ...isFree, ...knownVersion, ...retired, ...after }
    const found = await readPage(database, filter, limit)
    free.push(...(await withoutHeld(database, found)))
    const last = found.at(-1)
    if (!last || found.length < limit) break
    after = { $or: laterThan(last) }
  }
  return free
}

function laterThan({ finishedAt, id }: EndedJob): Filter<JobDocument>[] {
  return [{ finishedAt: { $gt: finishedAt } }, { finishedAt, _id: { $gt: id } }]
}

async function readPage(database: Database, filter: Filter<JobDocument>, limit: number): Promise<EndedJob[]> {
  const options = { sort: { finishedAt: 1, _id: 1 }, limit, batchSize: limit + 1, projection: { tenantId: 1, finishedAt: 1 } } as const
  const found = await database.send((db) => db.collection<JobDocument>(jobsCollection).find(filter, options).toArray())
  return found.flatMap(({ _id: id, tenantId, finishedAt }) => (finishedAt ? [{ id, tenantId, finishedAt }] : []))
}

/** Those of which no delivery is open. */
async function withoutHeld(database: Database, jobs: readonly EndedJob[]): Promise<EndedJob[]> {
  if (jobs.length === 0) return []
  const tenantId = { $in: [...new Set(jobs.map((job) => job.tenantId))] }
  const open = { tenantId, jobId: { $in: jobs.map(({ id }) => id) }, ...openDelivery }
  const held = new Set(await database.send((db) => db.collection<DeliveryDocument>(deliveriesCollection).distinct("jobId", open)))
  return jobs.filter(({ id }) => !held.has(id))
}
