import { type Endpoint, ProviderError } from "@sluice/core"
import type { TenantKeys } from "./tenant-keys.ts"

export interface KeyDependencies {
  /** Rejects when the reference leads nowhere. A secret that was `rejected` is read anew. */
  readonly resolveCredential: (reference: string, options?: { readonly rejected?: string }) => Promise<string>
  /** Left out: nobody has keys of their own. */
  readonly tenantKeys?: TenantKeys
}

export interface KeyRequest {
  readonly endpoint: Endpoint
  /** Whose job the call is for; null: nobody's, it is a probe. */
  readonly tenantId: string | null
  /** A key that the provider has just refused. */
  readonly rejected?: string
}

/**
 * The key that a call sends; null: none is needed. Throws `ProviderError`: a key that cannot be had is as good as one that the
 * provider rejects, and the job waits for a person.
 */
export async function keyForCall(dependencies: KeyDependencies, request: KeyRequest): Promise<string | null> {
  const { endpoint, rejected } = request
  if (endpoint.tenantKey) return await tenantKeyFor(dependencies, request, endpoint.tenantKey)
  if (endpoint.credential === "tenant") throw noKey(`${endpoint.name}: it takes tenants' own keys only, and this call has none.`)
  if (endpoint.apiKey === undefined) return null
  try {
    return await dependencies.resolveCredential(endpoint.apiKey, rejected === undefined ? {} : { rejected })
  } catch (cause) {
    throw noKey(`${endpoint.name}: ${cause instanceof Error ? cause.message : "its credential cannot be read"}`, cause)
  }
}

async function tenantKeyFor(
  { tenantKeys }: KeyDependencies,
  { endpoint, tenantId }: KeyRequest,
  ref: NonNullable<Endpoint["tenantKey"]>,
): Promise<string> {
  // Whatever went wrong before: nobody's key ever serves somebody else.
  if (ref.tenantId !== tenantId) throw new Error(`${endpoint.name}: the key of one tenant was about to be used for another. It was not.`)
  const secret = (await tenantKeys?.secretOf(ref)) ?? null
  if (secret === null) throw noKey(`${endpoint.name}: the tenant's own key was removed or replaced.`)
  return secret
}

function noKey(message: string, cause?: unknown): ProviderError {
  return new ProviderError({ type: "provider_auth", message, cause })
}
