import type { CacheCandidate } from "@sluice/core"
import { cosine } from "./similarity.ts"

export interface Ranked {
  readonly candidate: CacheCandidate
  readonly similarity: number
}

export interface RankRequest {
  readonly vector: Float32Array
  /** Among equals the earlier ones win. */
  readonly candidates: readonly CacheCandidate[]
  /** Inclusive. */
  readonly threshold: number
  readonly limit: number
}

/** The candidates that reach the threshold, the most similar first. Those with other dimensions are not comparable. */
export function rankCandidates({ vector, candidates, threshold, limit }: RankRequest): readonly Ranked[] {
  const alike: Ranked[] = []
  for (const candidate of candidates) {
    if (candidate.values.length !== vector.length) continue
    const similarity = cosine(vector, candidate.values)
    if (similarity >= threshold) alike.push({ candidate, similarity })
  }
  return alike.sort((a, b) => b.similarity - a.similarity).slice(0, limit)
}
