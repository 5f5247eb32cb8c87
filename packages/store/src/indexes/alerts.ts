import type { IndexDescription } from "mongodb"

/** The indexes of `alerts`; they are listed by `_id`. */
export const alertIndexes: readonly IndexDescription[] = [
  // insert: one at a time of a rule and a subject; active
  { name: "active_key", key: { activeKey: 1 }, unique: true, partialFilterExpression: { activeKey: { $exists: true } } },
  // findDue: only those with a message to be sent
  { name: "notice_due", key: { dueAt: 1 }, sparse: true },
  // list by rule
  { name: "rule", key: { rule: 1, _id: -1 } },
  // removeOld
  { name: "resolved", key: { resolvedAt: 1 }, sparse: true },
]
