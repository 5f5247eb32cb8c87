import {
  type Batch,
  type BatchDefaults,
  type BatchStore,
  type BatchWebhookTarget,
  type Clock,
  type Metadata,
  newBatchId,
  noCounts,
  type Origin,
} from "@sluice/core"
import type { CheckWebhookUrl } from "../deliver/webhook-endpoints.ts"
import { hashOf } from "../submit/prepare-job.ts"

export interface CreateBatchDependencies {
  readonly batches: Pick<BatchStore, "insert">
  readonly clock: Clock
  readonly checkWebhookUrl: CheckWebhookUrl
}

export interface CreateBatchCommand extends Origin {
  readonly tenantId: string
  readonly idempotencyKey: string | null
  readonly defaults: BatchDefaults
  readonly webhook: BatchWebhookTarget | null
  readonly metadata: Metadata
}

export type CreateBatchOutcome =
  | { readonly kind: "created"; readonly batch: Batch }
  /** The same key and settings were sent before. */
  | { readonly kind: "existing"; readonly batch: Batch }
  | { readonly kind: "key_reused"; readonly batchId: string }
  | { readonly kind: "invalid_webhook"; readonly field: "webhook" | "defaults"; readonly message: string }

export type CreateBatch = (command: CreateBatchCommand) => Promise<CreateBatchOutcome>

/** Makes a batch without items, or finds the one of the same idempotency key. Rejects with `StorageUnavailableError`. */
export function createCreateBatch(dependencies: CreateBatchDependencies): CreateBatch {
  return async (command) => {
    const fault = faultOf(dependencies, command)
    if (fault) return fault
    const batch = newBatch(command, dependencies.clock())
    const outcome = await dependencies.batches.insert(batch)
    if (outcome.kind === "inserted") return { kind: "created", batch }
    const isSame = outcome.batch.requestHash === batch.requestHash
    return isSame ? outcome : { kind: "key_reused", batchId: outcome.batch.id }
  }
}

function faultOf({ checkWebhookUrl }: CreateBatchDependencies, { webhook, defaults }: CreateBatchCommand): CreateBatchOutcome | null {
  for (const [field, target] of [["webhook", webhook] as const, ["defaults", defaults.webhook] as const]) {
    const message = target ? checkWebhookUrl(target.url) : null
    if (message !== null) return { kind: "invalid_webhook", field, message }
  }
  return null
}

function newBatch(command: CreateBatchCommand, now: Date): Batch {
  const { tenantId, idempotencyKey, defaults, webhook, metadata, traceparent, requestId } = command
  return {
    id: newBatchId({ at: now }),
    tenantId,
    idempotencyKey,
    requestHash: idempotencyKey === null ? null : hashOf({ defaults, webhook, metadata }),
    defaults,
    webhook: webhook && { url: webhook.url, secret: webhook.secret ?? null },
    metadata,
    traceparent,
    requestId,
    submission: 0,
    isClosed: false,
    addedAt: now,
    counts: noCounts,
    countedAt: now,
    isActive: true,
    activeUntil: null,
    createdAt: now,
    cancelRequestedAt: null,
    completedAt: null,
    isAnnounced: false,
  }
}
