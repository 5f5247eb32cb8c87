import type { IndexDescription } from "mongodb"

/** The indexes of `webhookEndpoints`. */
export const webhookEndpointIndexes: readonly IndexDescription[] = [
  // list; listenersOf
  { name: "tenant_newest", key: { tenantId: 1, _id: -1 } },
  // findDisabled
  { name: "disabled", key: { "disabled.reason": 1 }, partialFilterExpression: { "disabled.reason": { $exists: true } } },
]

/** The indexes of `webhookRecoveries`. (`webhookSecrets` are found by `_id` alone.) */
export const webhookRecoveryIndexes: readonly IndexDescription[] = [
  // runningRecoveries
  { name: "running", key: { isRunning: 1 }, sparse: true },
]
