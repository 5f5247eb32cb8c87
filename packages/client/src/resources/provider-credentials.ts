import type { ProviderCredentialResource } from "@sluice/core"
import { type CallOptions, listResource } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

/** The tenant's own keys at providers. */
export interface ProviderCredentials {
  /** By name, without the keys. */
  list(options?: CallOptions): Listing<ProviderCredentialResource>
  /** Stores or replaces the key for an endpoint, or for a provider's endpoints. Workers use it within seconds. */
  set(name: string, secret: string, options?: CallOptions): Promise<ProviderCredentialResource>
  remove(name: string, options?: CallOptions): Promise<void>
}

const root = "/v1/provider-credentials"

export function createProviderCredentials(transport: Transport): ProviderCredentials {
  const pathOf = (name: string) => `${root}/${encodeURIComponent(name)}`
  return {
    list: ({ signal } = {}) => listResource(transport, { path: root, query: {}, signal }),
    set: (name, secret, { signal } = {}) =>
      transport.json({ method: "PUT", path: pathOf(name), body: { secret }, repeatable: "safely", signal }),
    remove: async (name, { signal } = {}) => {
      await transport.json({ method: "DELETE", path: pathOf(name), signal })
    },
  }
}
