import type { Batch } from "@sluice/core"
import { toJsonText } from "../jobs/json-text.ts"
import { present } from "../present.ts"

/** The collection's name. */
export const batchesCollection = "batches"

export const batchSchemaVersion = 1

/** Batches of a newer release are left to its processes. */
export const knownVersion = { schemaVersion: { $lte: batchSchemaVersion } } as const

/** What the caller asked for, as text: it holds keys of the caller's own, some of which BSON gives a meaning. */
type AskedFor = Pick<Batch, "defaults" | "metadata">

type Optional =
  | "idempotencyKey"
  | "requestHash"
  | "webhook"
  | "traceparent"
  | "requestId"
  | "activeUntil"
  | "cancelRequestedAt"
  | "completedAt"

/** A batch as MongoDB keeps it. What is null in a batch is absent here, so that partial indexes hold only what has a value. */
export interface BatchDocument
  extends Omit<Batch, "id" | keyof AskedFor | "isActive" | Optional>,
    Partial<{ readonly [key in Optional]: NonNullable<Batch[key]> }> {
  readonly _id: string
  readonly schemaVersion: number
  readonly asked: string
  /** Absent when nobody has to look after it. */
  readonly isActive?: true
}

export function toBatchDocument({ id, defaults, metadata, isActive, ...batch }: Batch): BatchDocument {
  const { idempotencyKey, requestHash, webhook, traceparent, requestId, activeUntil, cancelRequestedAt, completedAt, ...always } = batch
  return {
    _id: id,
    schemaVersion: batchSchemaVersion,
    ...always,
    asked: toJsonText({ defaults, metadata } satisfies AskedFor),
    ...present({ idempotencyKey, requestHash, webhook, traceparent, requestId, activeUntil, cancelRequestedAt, completedAt }),
    ...(isActive && { isActive }),
  }
}

export function fromBatchDocument({ _id, schemaVersion: _version, asked, isActive, ...document }: BatchDocument): Batch {
  return {
    ...document,
    id: _id,
    ...parseAsked(asked),
    isActive: isActive ?? false,
    idempotencyKey: document.idempotencyKey ?? null,
    requestHash: document.requestHash ?? null,
    webhook: document.webhook ?? null,
    traceparent: document.traceparent ?? null,
    requestId: document.requestId ?? null,
    activeUntil: document.activeUntil ?? null,
    cancelRequestedAt: document.cancelRequestedAt ?? null,
    completedAt: document.completedAt ?? null,
  }
}

/** The text is what `toBatchDocument` made of a validated request. */
function parseAsked(text: string): AskedFor {
  return JSON.parse(text)
}
