import type { IndexDescription } from "mongodb"

/** The unique index by which a creation that was made before is recognised. */
export const batchKeyIndexName = "tenant_idempotency_key"

/** The indexes of `batches`; one is found by `_id`. Their jobs have indexes of their own. */
export const batchIndexes: readonly IndexDescription[] = [
  // list: all batches of a tenant, newest first
  { name: "tenant_newest", key: { tenantId: 1, _id: -1 } },
  // insert: one batch for an idempotency key
  {
    name: batchKeyIndexName,
    key: { tenantId: 1, idempotencyKey: 1 },
    unique: true,
    partialFilterExpression: { idempotencyKey: { $exists: true } },
  },
  // findActive
  { name: "active", key: { isActive: 1, countedAt: 1 }, partialFilterExpression: { isActive: { $exists: true } } },
  // findSettled
  { name: "completed", key: { completedAt: 1 }, partialFilterExpression: { completedAt: { $exists: true } } },
]
