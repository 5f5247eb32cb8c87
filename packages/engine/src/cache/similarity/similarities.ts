import type { RouteConfig } from "@sluice/core"
import { createEmbeddingSimilarity, type Embed } from "./embedding-similarity.ts"
import { createLexicalSimilarity } from "./lexical-similarity.ts"
import type { Similarity } from "./similarity.ts"

export type SimilarConfig = NonNullable<NonNullable<RouteConfig["cache"]>["similar"]>

export interface Embedder {
  readonly model: string
  readonly embed: Embed
}

/** How a route's prompts are compared. */
export type SimilarityOf = (config: SimilarConfig) => Similarity

/** The built-in comparison, or that by the endpoint which the route names. `embedderOf` throws when there is no such endpoint. */
export function createSimilarities({ embedderOf }: { readonly embedderOf: (endpoint: string) => Embedder }): SimilarityOf {
  const lexical = createLexicalSimilarity()
  const byModel = new Map<string, Similarity>()
  return ({ embedding: endpoint }) => {
    if (endpoint === undefined) return lexical
    const { model } = embedderOf(endpoint)
    const key = JSON.stringify([endpoint, model])
    const known = byModel.get(key)
    if (known) return known
    // Asked for anew with each call: the endpoint may have another address or credential by then.
    const created = createEmbeddingSimilarity({ model, embed: (texts, signal) => embedderOf(endpoint).embed(texts, signal) })
    byModel.set(key, created)
    return created
  }
}
