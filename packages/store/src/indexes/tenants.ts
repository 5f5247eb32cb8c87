import type { IndexDescription } from "mongodb"

// changedSince
const changes: IndexDescription = { name: "changes", key: { changedAt: 1 } }

/** The indexes of `tenants`, which are found and listed by `_id`. */
export const tenantIndexes: readonly IndexDescription[] = [changes]

/** The indexes of `apiKeys`. */
export const apiKeyIndexes: readonly IndexDescription[] = [
  // list
  { name: "tenant_newest", key: { tenantId: 1, _id: -1 } },
  // findByHash: the new and the old ones of a rotation
  { name: "secret_hash", key: { "secrets.hash": 1 } },
  changes,
]
