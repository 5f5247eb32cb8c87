import type {
  BatchDefaults,
  BatchItem,
  BatchResource,
  BatchResult,
  BatchSubmission,
  BatchWebhookTarget,
  Metadata,
  ResultOrder,
} from "@sluice/core"
import { type CallOptions, listResource, type PageQuery } from "../../paging/list-resource.ts"
import type { Listing } from "../../paging/listing.ts"
import type { Sleep } from "../../transport/sleep.ts"
import type { Transport } from "../../transport/transport.ts"
import { readResults } from "./read-results.ts"
import { type SentItems, sendItems } from "./send-items.ts"

export interface CreateBatchOptions extends CallOptions {
  /** Default: a new one for each call. Pass your own to go on with the same batch after a restart. */
  readonly idempotencyKey?: string
  /** What every job gets where its item says nothing. */
  readonly defaults?: BatchDefaults
  /** Gets one `batch.completed`. */
  readonly webhook?: BatchWebhookTarget
  readonly metadata?: Metadata
  /** Default true: these are all items. */
  readonly close?: boolean
  /** Called after each group of items that is safe. */
  readonly onProgress?: (sent: SentItems) => void
}

export interface AddItemsOptions extends CallOptions {
  readonly close?: boolean
  readonly onProgress?: (sent: SentItems) => void
}

export interface CreatedBatch extends SentItems {
  readonly batch: BatchResource
}

export interface WaitForBatchOptions extends CallOptions {
  readonly onUpdate?: (batch: BatchResource) => void
  /** How often it is looked at. Default 2,000. */
  readonly pollMs?: number
}

export interface ResultOptions extends CallOptions {
  /** Default: `submitted`, or `completed` with `follow`. */
  readonly order?: ResultOrder
  /** Of the last result that was read before. */
  readonly cursor?: string
  /** Goes on until the batch is complete. Default false: what there is. */
  readonly follow?: boolean
}

export interface Batches {
  /**
   * Makes a batch of these items, and resolves once all are safe that can be. What fails on the way is tried again, which adds
   * nothing twice; items that are wrong are told of in `errors`.
   */
  create(items: Iterable<BatchItem> | AsyncIterable<BatchItem>, options?: CreateBatchOptions): Promise<CreatedBatch>
  /** Makes a batch without items, to be filled by `add`; one of the same idempotency key is found again. */
  open(options?: Omit<CreateBatchOptions, "close" | "onProgress">): Promise<BatchResource>
  /** Adds items, or sends them again, which adds nothing. */
  add(id: string, items: Iterable<BatchItem> | AsyncIterable<BatchItem>, options?: AddItemsOptions): Promise<CreatedBatch>
  get(id: string, options?: CallOptions): Promise<BatchResource>
  /** Newest first. */
  list(query?: PageQuery, options?: CallOptions): Listing<BatchResource>
  /** Resolves with the batch when all its jobs have ended. */
  wait(id: string, options?: WaitForBatchOptions): Promise<BatchResource>
  /** Its jobs that have ended, each once, going on by itself when the connection breaks. */
  results(id: string, options?: ResultOptions): AsyncGenerator<BatchResult>
  cancel(id: string, options?: CallOptions): Promise<BatchResource>
}

export interface BatchesDependencies {
  readonly transport: Transport
  readonly newIdempotencyKey: () => string
  readonly sleep: Sleep
}

const never = new AbortController().signal

export function createBatches({ transport, newIdempotencyKey, sleep }: BatchesDependencies): Batches {
  const batches: Batches = {
    async create(items, { close = true, onProgress, ...options } = {}) {
      const { id } = await batches.open(options)
      return await batches.add(id, items, { close, signal: options.signal, ...(onProgress && { onProgress }) })
    },
    async open({ idempotencyKey = newIdempotencyKey(), defaults, webhook, metadata, signal } = {}) {
      const { batch } = await transport.json<BatchSubmission>({
        method: "POST",
        path: "/v1/batches",
        headers: { "idempotency-key": idempotencyKey },
        body: { defaults, webhook, metadata },
        repeatable: "safely",
        signal,
      })
      return batch
    },
    async add(id, items, { close = true, onProgress, signal = never } = {}) {
      const sent = await sendItems({ transport, sleep, path: pathOf(id, "/items"), items, close, onProgress, signal })
      return { ...sent, batch: await batches.get(id, { signal }) }
    },
    get: (id, { signal } = {}) => transport.json({ method: "GET", path: pathOf(id), signal }),
    list: (query = {}, { signal } = {}) => listResource(transport, { path: "/v1/batches", query: { ...query }, signal }),
    async wait(id, { onUpdate, pollMs = 2_000, signal = never } = {}) {
      for (;;) {
        const batch = await batches.get(id, { signal })
        if (batch.completedAt !== null) return batch
        onUpdate?.(batch)
        await sleep(pollMs, signal)
      }
    },
    results: (id, options = {}) =>
      readResults({ transport, sleep, get: (signal) => batches.get(id, { signal }), path: pathOf(id, "/results"), ...options }),
    cancel: (id, { signal } = {}) => transport.json({ method: "POST", path: pathOf(id, "/cancel"), repeatable: "safely", signal }),
  }
  return batches
}

function pathOf(id: string, rest = ""): string {
  return `/v1/batches/${encodeURIComponent(id)}${rest}`
}
