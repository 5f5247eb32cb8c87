import type { IndexDescription } from "mongodb"

/** The indexes of `audit`; all of it, newest first, is listed by `_id`. */
export const auditIndexes: readonly IndexDescription[] = [
  { name: "actor", key: { actor: 1, _id: -1 } },
  { name: "action", key: { action: 1, _id: -1 } },
  { name: "target", key: { target: 1, _id: -1 } },
]
