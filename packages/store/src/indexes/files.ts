import type { IndexDescription } from "mongodb"

/** The indexes of `files`; one is found by `_id`. */
export const fileIndexes: readonly IndexDescription[] = [
  // list: all files of a tenant, in either order
  { name: "tenant_newest", key: { tenantId: 1, _id: -1 } },
  // findExpired
  { name: "expiry", key: { expiresAt: 1 } },
]
