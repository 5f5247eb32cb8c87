import type { IndexDescription } from "mongodb"

/** The indexes of `audit`; all of it, newest first, is listed by `_id`. An actor and a target are mostly those of one tenant. */
export const auditIndexes: readonly IndexDescription[] = [
  { name: "tenant", key: { tenantId: 1, _id: -1 } },
  { name: "actor", key: { actor: 1, _id: -1 } },
  { name: "action", key: { action: 1, _id: -1 } },
  { name: "target", key: { target: 1, _id: -1 } },
]
