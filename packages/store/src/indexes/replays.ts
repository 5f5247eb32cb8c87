import type { IndexDescription } from "mongodb"

/** The indexes of `replays`; one is found by `_id`. */
export const replayIndexes: readonly IndexDescription[] = [
  // list: all replays of a tenant, newest first
  { name: "tenant_newest", key: { tenantId: 1, _id: -1 } },
  // findActive
  { name: "active", key: { isActive: 1, _id: 1 }, partialFilterExpression: { isActive: { $exists: true } } },
]
