import type { Job } from "@sluice/core"
import DataLoader from "dataloader"
import type { SendTo } from "../connection/database.ts"
import type { Versioned } from "../migrations/upgrade.ts"
import type { DeadLetterDocument, EventDocument, JobDocument } from "./job-document.ts"

/** What shows whether a write of one's own is in a job, without the job's input and output. */
export type JobTrace = Pick<JobDocument, "_id" | "tenantId" | "run" | "requestHash" | "handedBackBy"> & {
  readonly events: readonly Pick<EventDocument, "id" | "by">[]
  readonly deadLetter?: Pick<DeadLetterDocument, "replays">
}

export interface TenantJobRef {
  readonly tenantId: string
  readonly id: string
}

export interface IdempotencyRef {
  readonly tenantId: string
  readonly idempotencyKey: string
}

/** Reads by identity; what is asked for in one turn of the event loop is one query. Nothing is cached. */
export interface JobReads {
  /** For executions and their writes, which know a job by its id alone. */
  job(id: string): Promise<Job | null>
  /** For callers: null too when the job is another tenant's. */
  jobOfTenant(ref: TenantJobRef): Promise<Job | null>
  trace(id: string): Promise<JobTrace | null>
  /** The job that holds an idempotency key. */
  holder(ref: IdempotencyRef): Promise<Job | null>
}

const maxKeysOfAQuery = 1_000

export function createJobReads(toJobs: SendTo<JobDocument>, convert: (document: Versioned) => Job): JobReads {
  const toJob = readable(convert)
  const jobs = batched(async (ids: readonly string[]) => {
    const found = await toJobs((jobs) => jobs.find({ _id: { $in: distinct(ids) } }, { batchSize: ids.length + 1 }).toArray())
    return pick(
      ids,
      (id) => id,
      byKey(found, ({ _id }) => _id),
      toJob,
    )
  })
  const jobsOfTenants = batched(async (refs: readonly TenantJobRef[]) => {
    const filter = { _id: { $in: distinct(refs.map(({ id }) => id)) }, tenantId: { $in: distinct(refs.map(({ tenantId }) => tenantId)) } }
    const found = await toJobs((jobs) => jobs.find(filter, { batchSize: refs.length + 1 }).toArray())
    const known = byKey(found, ({ tenantId, _id }) => keyOf(tenantId, _id))
    return pick(refs, ({ tenantId, id }) => keyOf(tenantId, id), known, toJob)
  })
  const traces = batched(async (ids: readonly string[]) => {
    const projection = { tenantId: 1, run: 1, requestHash: 1, handedBackBy: 1, "events.id": 1, "events.by": 1, "deadLetter.replays": 1 }
    const found = await toJobs((jobs) =>
      jobs.find<JobTrace>({ _id: { $in: distinct(ids) } }, { projection, batchSize: ids.length + 1 }).toArray(),
    )
    return pick(
      ids,
      (id) => id,
      byKey(found, ({ _id }) => _id),
      (trace) => trace,
    )
  })
  const holders = batched(async (refs: readonly IdempotencyRef[]) => {
    const found = await toJobs((jobs) => jobs.find({ $or: clausesOf(refs) }, { batchSize: refs.length + 1 }).toArray())
    const known = byKey(found, ({ tenantId, idempotencyKey }) => keyOf(tenantId, idempotencyKey ?? ""))
    return pick(refs, ({ tenantId, idempotencyKey }) => keyOf(tenantId, idempotencyKey), known, toJob)
  })
  return {
    job: (id) => jobs.load(id),
    jobOfTenant: (ref) => jobsOfTenants.load(ref),
    trace: (id) => traces.load(id),
    holder: (ref) => holders.load(ref),
  }
}

function batched<Key, Value>(load: (keys: readonly Key[]) => Promise<(Value | Error)[]>): DataLoader<Key, Value> {
  return new DataLoader(load, { cache: false, maxBatchSize: maxKeysOfAQuery, batchScheduleFn: (callback) => setImmediate(callback) })
}

/** Lets one document that cannot be read fail whoever asked for it, and nobody else. */
function readable(convert: (document: Versioned) => Job): (document: JobDocument) => Job | Error {
  return (document) => {
    try {
      return convert(document)
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }
}

function pick<Ref, Found, Value>(
  refs: readonly Ref[],
  key: (ref: Ref) => string,
  found: ReadonlyMap<string, Found>,
  convert: (found: Found) => Value | Error,
): (Value | null | Error)[] {
  return refs.map((ref) => {
    const match = found.get(key(ref))
    return match === undefined ? null : convert(match)
  })
}

function byKey<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [key(item), item]))
}

/** One clause a tenant; it repeats the condition of the partial index, without which the planner must not use that. */
function clausesOf(refs: readonly IdempotencyRef[]) {
  const byTenant = Map.groupBy(refs, ({ tenantId }) => tenantId)
  return Array.from(byTenant, ([tenantId, ofTenant]) => ({
    tenantId,
    idempotencyKey: { $exists: true, $in: distinct(ofTenant.map(({ idempotencyKey }) => idempotencyKey)) },
  }))
}

const keyOf = (...parts: readonly string[]) => JSON.stringify(parts)

const distinct = <T>(items: readonly T[]): T[] => [...new Set(items)]
