import type { Batch, BatchJobs, BatchStore, Clock, JobStore, QueuedJob } from "@sluice/core"
import type { TakePlaces } from "../tenancy/gate/tenant-limits.ts"
import type { ItemFault, PreparedItem, RefusedItem } from "./prepare-item.ts"

export interface ChunkContext {
  readonly batch: Batch
  readonly store: Pick<JobStore, "insert">
  readonly batches: Pick<BatchStore, "open" | "keepOpen">
  readonly batchJobs: Pick<BatchJobs, "findItems">
  readonly clock: Clock
  /** Of the tenant, for jobs that are about to be stored. */
  readonly takePlaces: TakePlaces
  /** That a batch may have. */
  readonly maxItems: number
  readonly enqueue: (jobs: readonly QueuedJob[]) => Promise<void>
  /** What the groups of one request share. */
  readonly progress: {
    submission: number
    /** This request has opened the batch: it brought something new. */
    isOpen: boolean
    /** Items that the batch has. */
    total: number
  }
}

export interface AddedChunk {
  readonly accepted: number
  readonly existing: number
  readonly refused: readonly RefusedItem[]
}

interface Sorted {
  readonly fresh: readonly PreparedItem[]
  readonly existing: number
  readonly refused: readonly RefusedItem[]
}

/** Adds one group of items: what is new among them is stored together, then enqueued together. */
export async function addChunk(context: ChunkContext, items: readonly PreparedItem[]): Promise<AddedChunk> {
  const { fresh, existing, refused } = await sortOut(context, items)
  if (fresh.length === 0) return { accepted: 0, existing, refused }
  const room = Math.max(0, context.maxItems - context.progress.total)
  const full = fresh.slice(room).map((item) => refuse(item, { kind: "batch_full" }))
  const fitting = fresh.slice(0, room)
  if (fitting.length > 0 && !(await announce(context))) {
    return { accepted: 0, existing, refused: [...refused, ...full, ...fitting.map((item) => refuse(item, { kind: "batch_ended" }))] }
  }
  const stored = await storeAll(context, fitting)
  context.progress.total += stored.accepted
  return { accepted: stored.accepted, existing: existing + stored.existing, refused: [...refused, ...full, ...stored.refused] }
}

/** Tells the items that are new from those that the batch has, or that stand twice in the group. */
async function sortOut({ batch, batchJobs }: ChunkContext, items: readonly PreparedItem[]): Promise<Sorted> {
  const customIds = [...new Set(items.map(({ customId }) => customId))]
  const known = await batchJobs.findItems({ tenantId: batch.tenantId, batchId: batch.id, customIds })
  const hashes = new Map(known.map(({ customId, requestHash }) => [customId, requestHash]))
  const fresh: PreparedItem[] = []
  const refused: RefusedItem[] = []
  for (const item of items) {
    const hash = hashes.get(item.customId)
    if (hash === undefined) fresh.push(item)
    else if (hash !== item.job.requestHash) refused.push(refuse(item, { kind: "custom_id_reused" }))
    if (hash === undefined) hashes.set(item.customId, item.job.requestHash)
  }
  return { fresh, existing: items.length - fresh.length - refused.length, refused }
}

/** Before anything is stored, so that the batch cannot complete in between. False when it may have no more items. */
async function announce({ batch: { tenantId, id }, batches, clock, progress }: ChunkContext): Promise<boolean> {
  if (progress.isOpen) return await batches.keepOpen({ tenantId, id, at: clock() })
  const opened = await batches.open({ tenantId, id, at: clock() })
  if (opened === null) return false
  progress.isOpen = true
  progress.submission = opened.submission
  return true
}

/** As many as the tenant has places for; the others are to be sent again. */
async function storeAll(context: ChunkContext, items: readonly PreparedItem[]): Promise<AddedChunk> {
  const places = await context.takePlaces({ tenantId: context.batch.tenantId, jobs: items.length })
  const full = items.slice(places.jobs).map((item) => refuse(item, { kind: "tenant_queue_full" }))
  const stored = await storePlaced(context, items.slice(0, places.jobs), places.settle)
  return { ...stored, refused: [...stored.refused, ...full] }
}

/** What was stored is enqueued even when something else could not be: it is accepted. */
async function storePlaced(
  { store, enqueue }: ChunkContext,
  items: readonly PreparedItem[],
  settle: (accepted: number) => void,
): Promise<AddedChunk> {
  const outcomes = await Promise.allSettled(items.map(({ job }) => store.insert(job)))
  const accepted: QueuedJob[] = []
  const refused: RefusedItem[] = []
  for (const [index, item] of items.entries()) {
    const outcome = outcomes[index]
    if (outcome?.status !== "fulfilled") continue
    if (outcome.value.kind === "inserted") accepted.push(item.job)
    else if (outcome.value.job.requestHash !== item.job.requestHash) refused.push(refuse(item, { kind: "custom_id_reused" }))
  }
  settle(accepted.length)
  await enqueue(accepted)
  const failure = outcomes.find((outcome) => outcome.status === "rejected")
  if (failure) throw failure.reason
  return { accepted: accepted.length, existing: items.length - accepted.length - refused.length, refused }
}

function refuse({ line, customId }: PreparedItem, fault: ItemFault): RefusedItem {
  return { line, customId, value: undefined, fault }
}
