import {
  type Clock,
  type ProviderCredential,
  type ProviderCredentialResource,
  type ProviderCredentialStore,
  type ProviderName,
  providerNames,
} from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import { takesTenantKeys } from "./endpoints-for-tenant.ts"

export interface ProviderCredentialsDependencies {
  readonly store: ProviderCredentialStore
  readonly catalog: () => Pick<Catalog, "endpoints">
  readonly clock: Clock
  readonly newRevision: () => string
}

export type SetCredentialOutcome =
  | { readonly kind: "stored"; readonly credential: ProviderCredentialResource }
  /** Nothing of the configuration takes tenants' keys under this name; these do. */
  | { readonly kind: "name_unknown"; readonly known: readonly string[] }
  | { readonly kind: "no_encryption_key" }

export interface ProviderCredentials {
  /** Where tenants' keys may be stored: endpoints that take them, and their providers. */
  names(): readonly string[]
  set(request: { readonly tenantId: string; readonly name: string; readonly secret: string }): Promise<SetCredentialOutcome>
  list(request: { readonly tenantId: string }): Promise<readonly ProviderCredentialResource[]>
  /** False: there is none. */
  remove(request: { readonly tenantId: string; readonly name: string }): Promise<boolean>
}

/** What a tenant does with its own keys at providers. */
export function createProviderCredentials({ store, catalog, clock, newRevision }: ProviderCredentialsDependencies): ProviderCredentials {
  const names = () => namesOf(catalog())
  return {
    names,
    async set({ tenantId, name, secret }) {
      const known = names()
      if (!known.includes(name)) return { kind: "name_unknown", known }
      const outcome = await store.put({ tenantId, name, secret, hint: hintOf(secret), revision: newRevision(), at: clock() })
      return outcome.kind === "stored" ? { kind: "stored", credential: present(outcome.credential, catalog()) } : outcome
    },
    async list({ tenantId }) {
      const credentials = await store.list({ tenantId })
      return credentials.map((credential) => present(credential, catalog()))
    },
    remove: (request) => store.remove(request),
  }
}

function namesOf({ endpoints }: Pick<Catalog, "endpoints">): readonly string[] {
  const open = [...endpoints.values()].filter(takesTenantKeys)
  return [...new Set([...open.map(({ name }) => name), ...open.map(({ provider }) => provider)])]
}

const shownCharacters = 4
const shortSecret = 16

/** How the secret ends; of a short one less, so that what is shown never helps to guess the rest. */
function hintOf(secret: string): string {
  return secret.slice(secret.length < shortSecret ? -2 : -shownCharacters)
}

function present(
  { name, hint, createdAt, updatedAt, lastUsedAt }: ProviderCredential,
  { endpoints }: Pick<Catalog, "endpoints">,
): ProviderCredentialResource {
  return {
    name,
    object: "provider_credential",
    for: endpoints.has(name) ? "endpoint" : isProvider(name) ? "provider" : null,
    hint,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }
}

function isProvider(name: string): name is ProviderName {
  return providerNames.some((provider) => provider === name)
}
