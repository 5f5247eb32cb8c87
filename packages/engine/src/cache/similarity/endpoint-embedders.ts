import type { Endpoint, Provider, ProviderName } from "@sluice/core"
import type { Embedder } from "./similarities.ts"

export interface EndpointEmbeddersDependencies {
  readonly endpointOf: (name: string) => Endpoint | undefined
  readonly providerOf: (name: ProviderName) => Provider
  readonly resolveCredential: (reference: string) => Promise<string>
}

/** Embeds prompts, to compare them, by an endpoint of the configuration. It throws when there is no such endpoint. */
export function createEndpointEmbedders({
  endpointOf,
  providerOf,
  resolveCredential,
}: EndpointEmbeddersDependencies): (name: string) => Embedder {
  return (name) => {
    const endpoint = endpointOf(name)
    if (!endpoint) throw new Error(`cache.similar.embedding names ${name}, but there is no such endpoint`)
    return {
      model: endpoint.model,
      async embed(texts, signal) {
        const apiKey = endpoint.apiKey === undefined ? null : await resolveCredential(endpoint.apiKey)
        const work = { kind: "embedding" as const, input: { texts: [...texts] } }
        const idempotencyKey = crypto.randomUUID()
        const { generated } = await providerOf(endpoint.provider).generate({ endpoint, work, apiKey, signal, idempotencyKey })
        if (generated.kind !== "embedding") throw new Error(`${name} answered an embedding with ${generated.kind}`)
        return generated.output.embeddings
      },
    }
  }
}
