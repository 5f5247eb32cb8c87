import type { ApiKeyResource, CreateApiKeyRequest } from "@sluice/core"
import { type CallOptions, listResource, type PageQuery } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

export interface RotateKeyOptions extends CallOptions {
  /** How long the old secret goes on being accepted. Default 24 h. */
  readonly overlapMs?: number
}

export interface ApiKeys {
  /** The only answer, beside that of a rotation, that has the `key` itself. It gives no more than the caller's own key has. */
  create(request: CreateApiKeyRequest, options?: CallOptions): Promise<ApiKeyResource>
  /** Newest first; revoked and expired ones too. */
  list(query?: PageQuery, options?: CallOptions): Listing<ApiKeyResource>
  get(id: string, options?: CallOptions): Promise<ApiKeyResource>
  /** The key with a new secret. */
  rotate(id: string, options?: RotateKeyOptions): Promise<ApiKeyResource>
  /** Refused everywhere within seconds, for good. */
  revoke(id: string, options?: CallOptions): Promise<ApiKeyResource>
}

const root = "/v1/api-keys"

export function createApiKeys(transport: Transport): ApiKeys {
  const pathOf = (...parts: string[]) => [root, ...parts.map(encodeURIComponent)].join("/")
  return {
    create: (request, { signal } = {}) => transport.json({ method: "POST", path: root, body: request, signal }),
    list: (query = {}, { signal } = {}) => listResource(transport, { path: root, query: { ...query }, signal }),
    get: (id, { signal } = {}) => transport.json({ method: "GET", path: pathOf(id), signal }),
    rotate: (id, { overlapMs, signal } = {}) => transport.json({ method: "POST", path: pathOf(id, "rotate"), body: { overlapMs }, signal }),
    revoke: (id, { signal } = {}) => transport.json({ method: "POST", path: pathOf(id, "revoke"), repeatable: "safely", signal }),
  }
}
