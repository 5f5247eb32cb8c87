import type { NewProviderCredential, ProviderCredential, ProviderCredentialStore } from "../ports/provider-credential-store.ts"

type Kept = ProviderCredential & { readonly secret: string }

/** `encrypts: false` stands for a store without encryption keys. */
export function createMemoryProviderCredentialStore({ encrypts = true }: { readonly encrypts?: boolean } = {}): ProviderCredentialStore {
  const kept = new Map<string, Kept>()
  const keyOf = (ref: { readonly tenantId: string; readonly name: string }) => JSON.stringify([ref.tenantId, ref.name])
  const ofTenant = (tenantId: string) =>
    [...kept.values()].filter((credential) => credential.tenantId === tenantId).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return {
    async put({ secret, at, ...rest }: NewProviderCredential) {
      if (!encrypts) return { kind: "no_encryption_key" }
      const before = kept.get(keyOf(rest))
      const credential = { ...rest, createdAt: before?.createdAt ?? at, updatedAt: at, lastUsedAt: before?.lastUsedAt ?? null }
      kept.set(keyOf(rest), { ...credential, secret })
      return { kind: "stored", credential }
    },
    list: async ({ tenantId }) => ofTenant(tenantId).map(({ secret: _secret, ...credential }) => credential),
    remove: async (ref) => kept.delete(keyOf(ref)),
    secretsOf: async ({ tenantId }) => ofTenant(tenantId),
    async noteUse({ at, ...ref }) {
      const known = kept.get(keyOf(ref))
      if (known) kept.set(keyOf(ref), { ...known, lastUsedAt: at })
    },
  }
}
