import {
  type Batch,
  type BatchDefaults,
  type BatchItem,
  type BatchItemErrorCode,
  batchItem,
  isObject,
  itemKey,
  type Origin,
  type QueuedJob,
  type SubmitRequest,
} from "@sluice/core"
import type { ZodError } from "zod"
import type { PrepareJob, SubmissionFault } from "../submit/prepare-job.ts"

/** An item as it came, or why it could not be read. */
export type IncomingItem =
  | { readonly line: number; readonly bytes: number; readonly value: unknown }
  | { readonly line: number; readonly unreadable: UnreadableItem }

export interface UnreadableItem {
  readonly kind: "unreadable"
  readonly code: Extract<BatchItemErrorCode, "malformed_json" | "payload_too_large" | "validation_failed">
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[]
}

/** Why an item was not taken. */
export type ItemFault =
  | UnreadableItem
  /** Paths are relative to the item. */
  | { readonly kind: "invalid"; readonly error: ZodError; readonly value: unknown }
  | { readonly kind: "route_missing" }
  | SubmissionFault
  | { readonly kind: "custom_id_reused" | "batch_full" | "batch_ended" | "tenant_queue_full" }

export interface PreparedItem {
  readonly line: number
  readonly bytes: number
  readonly customId: string
  readonly job: QueuedJob
}

export interface RefusedItem {
  readonly line: number
  readonly customId: string | null
  readonly value: unknown
  readonly fault: ItemFault
}

export interface PrepareItemContext {
  readonly batch: Pick<Batch, "id" | "tenantId" | "defaults" | "requestId">
  readonly prepare: PrepareJob
  readonly newJobId: (at: Date) => string
  /** Of the request that brings the item. */
  readonly origin: Origin
}

/** The job of one item, with the batch's defaults, or what is wrong with it. */
export function prepareItem(context: PrepareItemContext, incoming: IncomingItem): PreparedItem | RefusedItem {
  const { line } = incoming
  if ("unreadable" in incoming) return { line, customId: null, value: undefined, fault: incoming.unreadable }
  const { value, bytes } = incoming
  const parsed = batchItem.safeParse(value)
  const refused = (fault: ItemFault): RefusedItem => ({ line, customId: parsed.data?.customId ?? customIdIn(value), value, fault })
  if (!parsed.success) return refused({ kind: "invalid", error: parsed.error, value })
  const { customId } = parsed.data
  const body = withDefaults(parsed.data.job, context.batch.defaults)
  if (body === null) return refused({ kind: "route_missing" })
  const { id: batchId, tenantId } = context.batch
  const key = itemKey({ batchId, customId })
  // Its trace goes on from the request that brings it; by its id in the logs one finds all of the batch.
  const origin = { ...context.origin, requestId: context.batch.requestId ?? context.origin.requestId }
  const prepared = context.prepare({ tenantId, body, idempotencyKey: key, ...origin })
  if (prepared.kind !== "prepared") return refused(prepared)
  // Its key lives as long as the job: an item that is sent again a week later is the same item.
  const ofBatch = { id: context.newJobId(prepared.job.createdAt), batchId, customId, idempotencyExpiresAt: null }
  return { line, bytes, customId, job: { ...prepared.job, ...ofBatch } }
}

function customIdIn(value: unknown): string | null {
  return isObject(value) && typeof value.customId === "string" ? value.customId : null
}

/** Null: neither the item nor the batch names a route. */
function withDefaults(job: BatchItem["job"], defaults: BatchDefaults): SubmitRequest | null {
  const route = job.route ?? defaults.route
  if (route === undefined || route === null) return null
  return {
    route,
    input: job.input,
    options: { priority: "bulk", ...given(defaults.options), ...given(job.options) },
    webhook: job.webhook ?? defaults.webhook ?? null,
    metadata: { ...defaults.metadata, ...job.metadata },
  }
}

/** Without what is null: that stands for saying nothing. */
function given<T extends object>(options: T | null | undefined): Partial<T> {
  const said: Partial<T> = {}
  for (const name in options) if (options[name] !== null && options[name] !== undefined) said[name] = options[name]
  return said
}
