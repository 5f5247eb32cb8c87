import type { TenantKeyRef } from "@sluice/core"

/** What a tenant has to do for a job that no endpoint can serve without the tenant's own key. */
export function missingKeyHint(endpoint: string): string {
  return `${endpoint} is asked with the tenant's own key, and there is none. Store it with PUT /v1/provider-credentials/${endpoint}, or \`sluice credentials set ${endpoint}\`.`
}

export function refusedKeyHint(endpoint: string, { name }: Pick<TenantKeyRef, "name">, reason: "credential" | "quota"): string {
  const what = reason === "credential" ? "rejects the tenant's own key" : "says that the quota of the tenant's own key is used up"
  return `${endpoint} ${what}. Replace it with PUT /v1/provider-credentials/${name}, or put it right at the provider; it is tried again by itself.`
}
