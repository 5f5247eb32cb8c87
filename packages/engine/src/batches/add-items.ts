import { type Batch, type BatchJobs, type BatchStore, createOrderedJobIds, type JobStore, maxBatchItems, type Origin } from "@sluice/core"
import { createPrepareJob, type PrepareJobDependencies } from "../submit/prepare-job.ts"
import { type EnqueueDependencies, enqueue } from "../submit/submit-job.ts"
import type { TakePlaces } from "../tenancy/gate/tenant-limits.ts"
import { addChunk, type ChunkContext } from "./add-chunk.ts"
import { type IncomingItem, type PreparedItem, prepareItem, type RefusedItem } from "./prepare-item.ts"

export interface AddItemsDependencies extends PrepareJobDependencies, EnqueueDependencies {
  readonly store: Pick<JobStore, "insert">
  readonly batches: BatchStore
  readonly batchJobs: BatchJobs
  readonly takePlaces: TakePlaces
  /** Of one group. Only tests change it. */
  readonly chunk?: ChunkBounds
  /** Of one batch, and of one request. Only tests change it. */
  readonly maxItems?: number
}

export interface ChunkBounds {
  readonly maxItems: number
  readonly maxBytes: number
}

export interface AddItemsRequest extends Origin {
  readonly batch: Batch
  readonly items: AsyncIterable<IncomingItem> | Iterable<IncomingItem>
  /** Whether these are the last. */
  readonly close: boolean
  /** Told of each item that is not taken, as it comes. */
  readonly onRefused: (item: RefusedItem) => void
}

export interface Addition {
  readonly accepted: number
  readonly existing: number
  readonly failed: number
}

export type AddItems = (request: AddItemsRequest) => Promise<Addition>

/** As many as make a good group commit; in bytes, as much as one item may have. */
const defaultChunk: ChunkBounds = { maxItems: 500, maxBytes: 8 * 1024 * 1024 }

/** Faults after which the same item may be taken later: the batch has to stay open for it. */
const retryableFaults: ReadonlySet<string> = new Set(["tenant_queue_full"])

/**
 * Adds items to a batch in groups: while one is being stored the next is read, and no more, so that what is held in memory
 * is bounded by two groups whatever the whole is. What a group stored stays, whatever comes after it; an item that the batch
 * has already adds nothing, and one for which the tenant has no place is refused. Closes the batch after the last item, unless one has to be sent again.
 * Rejects with `StorageUnavailableError`, and with whatever the items reject with.
 */
export function createAddItems(dependencies: AddItemsDependencies): AddItems {
  const prepare = createPrepareJob(dependencies)
  const newJobId = createOrderedJobIds()
  const { maxItems = maxBatchItems } = dependencies
  return async ({ batch, items, close, onRefused, ...origin }) => {
    const tally = createTally(onRefused)
    const writer = await startWriting({ ...dependencies, maxItems }, batch, tally)
    try {
      for await (const incoming of items) {
        const item = prepareItem({ batch, prepare, newJobId, origin }, incoming)
        if (tally.seen() >= maxItems) {
          tally.refuse({ line: item.line, customId: null, value: undefined, fault: { kind: "batch_full" } })
          break
        }
        tally.see()
        if ("fault" in item) tally.refuse(item)
        else await writer.add(item)
      }
      await writer.end()
    } finally {
      await writer.rest()
    }
    const { id, tenantId } = batch
    if (close && tally.isComplete()) await dependencies.batches.close({ tenantId, id, submission: writer.submission() })
    return tally.read()
  }
}

interface Writer {
  /** Waits while the group before is still being stored. */
  add(item: PreparedItem): Promise<void>
  end(): Promise<void>
  /** Resolves when nothing is being stored any more, whatever became of it. */
  rest(): Promise<void>
  submission(): number
}

/** Collects items into groups, of which one is being stored at a time. */
async function startWriting(
  dependencies: AddItemsDependencies & { readonly maxItems: number },
  batch: Batch,
  tally: Tally,
): Promise<Writer> {
  const { batchJobs, chunk: bounds = defaultChunk } = dependencies
  const { total } = await batchJobs.count({ tenantId: batch.tenantId, batchId: batch.id })
  const context: ChunkContext = {
    ...dependencies,
    batch,
    enqueue: (jobs) => enqueue(dependencies, jobs),
    progress: { submission: batch.submission, isOpen: false, total },
  }
  let chunk: PreparedItem[] = []
  let bytes = 0
  let storing: Promise<void> = Promise.resolve()

  async function flush(): Promise<void> {
    await storing
    const full = chunk
    chunk = []
    bytes = 0
    if (full.length === 0) return
    storing = addChunk(context, full).then(tally.count)
    // Somebody awaits it later; until then its failure is not unhandled.
    storing.catch(() => undefined)
  }

  return {
    async add(item) {
      if (chunk.length >= bounds.maxItems || (chunk.length > 0 && bytes + item.bytes > bounds.maxBytes)) await flush()
      chunk.push(item)
      bytes += item.bytes
    },
    async end() {
      await flush()
      await storing
    },
    rest: () => storing.catch(() => undefined),
    submission: () => context.progress.submission,
  }
}

interface Tally {
  see(): void
  seen(): number
  refuse(item: RefusedItem): void
  count(added: { readonly accepted: number; readonly existing: number; readonly refused: readonly RefusedItem[] }): void
  read(): Addition
  /** Everything that could become a job by being sent again has become one. */
  isComplete(): boolean
}

function createTally(onRefused: (item: RefusedItem) => void): Tally {
  const counts = { seen: 0, accepted: 0, existing: 0, failed: 0 }
  let isComplete = true
  const refuse = (item: RefusedItem) => {
    counts.failed += 1
    if (retryableFaults.has(item.fault.kind) || item.fault.kind === "batch_full") isComplete = false
    onRefused(item)
  }
  return {
    see() {
      counts.seen += 1
    },
    seen: () => counts.seen,
    refuse,
    count({ accepted, existing, refused }) {
      counts.accepted += accepted
      counts.existing += existing
      for (const item of refused) refuse(item)
    },
    read: () => ({ accepted: counts.accepted, existing: counts.existing, failed: counts.failed }),
    isComplete: () => isComplete,
  }
}
