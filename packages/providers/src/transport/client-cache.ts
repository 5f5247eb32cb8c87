import type { Endpoint } from "@sluice/core"

/** What an SDK's client is made from, beside its provider. */
export interface ClientIdentity {
  readonly endpoint: Endpoint
  readonly apiKey: string | null
}

/**
 * Keeps the clients that were used last, one for each base URL, API version, credential and set of headers, so that those
 * of replaced credentials go away.
 */
export function createClientCache<Source extends ClientIdentity, Client>(
  create: (source: Source) => Client,
  maxClients = 256,
): (source: Source) => Client {
  const clients = new Map<string, Client>()
  return (source) => {
    const { baseUrl, apiVersion, headers } = source.endpoint
    const key = JSON.stringify([baseUrl, apiVersion, headers, source.apiKey])
    const client = clients.get(key) ?? create(source)
    clients.delete(key)
    clients.set(key, client)
    for (const oldest of clients.keys()) {
      if (clients.size <= maxClients) break
      clients.delete(oldest)
    }
    return client
  }
}
