import type { IndexDescription } from "mongodb"

/** The indexes of `deliveries` that dead letters need. */
export const deadDeliveryIndexes: readonly IndexDescription[] = [
  // list, summary and replay of the open ones
  { name: "tenant_given_up", key: { tenantId: 1, failedAt: -1, _id: -1 }, partialFilterExpression: { failedAt: { $exists: true } } },
  // list of the others
  {
    name: "tenant_dead_letters",
    key: { tenantId: 1, "deadLetter.at": -1, _id: -1 },
    partialFilterExpression: { "deadLetter.at": { $exists: true } },
  },
  // of all tenants: how many there were in a time, and which are too old
  { name: "given_up", key: { failedAt: 1 }, partialFilterExpression: { failedAt: { $exists: true } } },
  { name: "dead_letter_times", key: { "deadLetter.at": 1 }, partialFilterExpression: { "deadLetter.at": { $exists: true } } },
  // findUntold
  { name: "untold", key: { untoldAt: 1 }, partialFilterExpression: { untoldAt: { $exists: true } } },
  // progress of a replay
  {
    name: "dead_letter_replays",
    key: { "deadLetter.replays.replayId": 1 },
    partialFilterExpression: { "deadLetter.replays.replayId": { $exists: true } },
  },
]
