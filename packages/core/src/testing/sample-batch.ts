import { type Batch, noCounts } from "../batch/batch.ts"
import { newBatchId } from "../job/job-id.ts"

/** A batch as its creation makes it; `overrides` say what matters to the test. */
export function sampleBatch(overrides: Partial<Batch> = {}): Batch {
  const createdAt = overrides.createdAt ?? new Date("2026-01-01T00:00:00.000Z")
  return {
    id: newBatchId({ at: createdAt }),
    tenantId: "default",
    idempotencyKey: null,
    requestHash: null,
    defaults: {},
    webhook: null,
    metadata: {},
    traceparent: null,
    requestId: null,
    submission: 0,
    isClosed: false,
    addedAt: createdAt,
    counts: noCounts,
    countedAt: createdAt,
    isActive: true,
    activeUntil: null,
    createdAt,
    cancelRequestedAt: null,
    completedAt: null,
    isAnnounced: false,
    ...overrides,
  }
}
