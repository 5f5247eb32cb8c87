import type { IndexDescription } from "mongodb"

/** The indexes of `deliveries`; one itself is found by `_id`. */
export const deliveryIndexes: readonly IndexDescription[] = [
  // findDue: only what is pending; the lane, to pass over receivers that are busy without reading their deliveries
  { name: "due", key: { nextAttemptAt: 1, lane: 1 }, partialFilterExpression: { status: "pending" } },
  // lists of an endpoint
  { name: "tenant_target", key: { tenantId: 1, target: 1, _id: -1 } },
  // deliveries of a job
  { name: "tenant_job", key: { tenantId: 1, jobId: 1, _id: 1 }, partialFilterExpression: { jobId: { $exists: true } } },
  // countRecovered
  { name: "recovery", key: { recoveryId: 1 }, sparse: true },
]
