import type { IndexDescription } from "mongodb"

/** The indexes of `providerCredentials`; one itself is found by `_id`. */
export const providerCredentialIndexes: readonly IndexDescription[] = [
  // list; secretsOf
  { name: "tenant_name", key: { tenantId: 1, name: 1 } },
]
