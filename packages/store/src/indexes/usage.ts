import type { IndexDescription } from "mongodb"

/** The indexes of `usage`. */
export const usageIndexes: readonly IndexDescription[] = [
  // sums and buckets of a tenant
  { name: "tenant_times", key: { tenantId: 1, grain: 1, at: 1 } },
  // sums of all tenants, and the removal of old buckets
  { name: "times", key: { grain: 1, at: 1 } },
]
