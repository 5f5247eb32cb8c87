import type { CacheCandidate, CacheEntry } from "@sluice/core"
import type { AnswerCacheContext, CacheHit, CacheRequest } from "./answer-cache-context.ts"
import { hitOf } from "./cache-hit.ts"
import { comparablePromptOf } from "./comparable-prompt.ts"
import { rankCandidates } from "./similarity/rank-candidates.ts"
import type { SimilarConfig } from "./similarity/similarities.ts"

/** Of the most similar ones so many are looked at: those that were invalidated or are too old give way to the next. */
const maxLookedAt = 8

export interface SimilarSearch {
  readonly config: SimilarConfig
  /** What to compare with at all. Default: everything. */
  readonly isPromising?: (candidate: CacheCandidate) => boolean
  /** Whether the answer may be given. Default: any. */
  readonly mayServe?: (entry: CacheEntry) => boolean
}

/** The answer to the most similar prompt of the same tenant, route and scope. */
export async function findSimilar(
  context: AnswerCacheContext,
  request: CacheRequest,
  { config, isPromising = () => true, mayServe = () => true }: SimilarSearch,
): Promise<CacheHit | null> {
  const { tenantId, route, work } = request.job
  const prompt = comparablePromptOf(work)
  if (!prompt) return null
  const similarity = context.similarityOf(config)
  const vector = await similarity.vectorOf(prompt.text, request.signal)
  if (!vector) return null
  const candidates = await context.readCandidates({ tenantId, route, scope: prompt.scope, space: similarity.space })
  const promising = candidates.filter(isPromising)
  const ranked = rankCandidates({ vector, candidates: promising, threshold: config.threshold, limit: maxLookedAt })
  for (const { candidate, similarity: alike } of ranked) {
    const entry = await context.cache.find({ tenantId, route, requestKey: candidate.requestKey, at: context.clock() })
    if (!entry || !mayServe(entry)) continue
    const hit = hitOf(context, request, { entry, kind: "semantic", similarity: alike })
    if (hit) return hit
  }
  return null
}
