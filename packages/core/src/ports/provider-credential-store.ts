/** A tenant's own key at a provider, without the key. */
export interface ProviderCredential {
  readonly tenantId: string
  /** An endpoint's name, or a provider's: then it serves all endpoints of that provider that take tenants' keys. */
  readonly name: string
  /** Another one with each replacement, so that what was learned of the old key is not held against the new one. */
  readonly revision: string
  /** The last characters of the key, to tell it from others. */
  readonly hint: string
  readonly createdAt: Date
  /** When the key was replaced last. */
  readonly updatedAt: Date
  /** Within a minute or so. */
  readonly lastUsedAt: Date | null
}

export interface NewProviderCredential extends Pick<ProviderCredential, "tenantId" | "name" | "revision" | "hint"> {
  readonly secret: string
  readonly at: Date
}

export type PutCredentialOutcome =
  | { readonly kind: "stored"; readonly credential: ProviderCredential }
  /** Nothing is encrypted here, and such a key is not kept in clear. */
  | { readonly kind: "no_encryption_key" }

/**
 * Tenants' own keys, encrypted where they are stored. Every method names the tenant, and none touches anything of another. All reject
 * with `StorageUnavailableError` when the database does not answer in time.
 */
export interface ProviderCredentialStore {
  /** Replaces the tenant's key of that name, if there is one. */
  put(credential: NewProviderCredential): Promise<PutCredentialOutcome>
  /** By name. */
  list(request: { readonly tenantId: string }): Promise<readonly ProviderCredential[]>
  /** False: there is none. */
  remove(request: { readonly tenantId: string; readonly name: string }): Promise<boolean>
  /** For those who call providers on the tenant's behalf. */
  secretsOf(request: { readonly tenantId: string }): Promise<readonly (ProviderCredential & { readonly secret: string })[]>
  noteUse(request: { readonly tenantId: string; readonly name: string; readonly at: Date }): Promise<void>
}
