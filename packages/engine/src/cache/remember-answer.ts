import type { CacheEntry, CacheVector, Work } from "@sluice/core"
import { type AnswerCacheContext, isCaching, type RememberRequest } from "./answer-cache-context.ts"
import { comparablePromptOf } from "./comparable-prompt.ts"
import { requestKeyOf } from "./request-key.ts"
import type { SimilarConfig } from "./similarity/similarities.ts"
import { worthKeeping } from "./worth-keeping.ts"

/** So long an answer is better than nothing. */
export const keepForMs = 7 * 86_400_000

/** Keeps an answer that is worth it; see `AnswerCache.remember`. */
export async function rememberAnswer(context: AnswerCacheContext, request: RememberRequest): Promise<void> {
  const { job, route, provenance } = request
  if (!isCaching(route) || job.options.cache === "off") return
  const kept = worthKeeping(request.generated, provenance)
  if (!kept) return
  const storedAt = context.clock()
  const { tenantId, options, work } = job
  const requestKey = requestKeyOf(work)
  const key = { tenantId, route: job.route, requestKey }
  if (kept.quality === "reduced" && (await isBetterKnown(context, key, storedAt))) return
  await context.cache.put({
    ...key,
    cacheKey: options.cacheKey,
    jobId: job.id,
    ...(await comparisonOf(context, request)),
    output: kept.output,
    origin: { served: provenance.served, quality: kept.quality },
    storedAt,
    ...endsOf(request, kept.quality, storedAt),
  })
}

/** A lesser answer is not to take the place of a better one that still stands for a call. */
async function isBetterKnown({ cache }: AnswerCacheContext, key: Pick<CacheEntry, "tenantId" | "route" | "requestKey">, at: Date) {
  const known = await cache.find({ ...key, at })
  return known?.origin.quality === "full" && known.freshUntil > at
}

/** A reduced answer never stands for a call, or callers would go on getting it when the primary tier is back. */
function endsOf({ job, route }: RememberRequest, quality: CacheEntry["origin"]["quality"], storedAt: Date) {
  const after = (ms: number) => new Date(storedAt.getTime() + ms)
  const freshMs = quality === "full" ? (route.cache?.exact?.ttlMs ?? 0) : 0
  const keepMs = Math.min(Math.max(freshMs, keepForMs), job.options.retainMs ?? Number.POSITIVE_INFINITY)
  return { freshUntil: after(Math.min(freshMs, keepMs)), keepUntil: after(keepMs) }
}

/** Without a vector an entry is still found by its keys: so a failing embedding is told, and the answer kept. */
async function comparisonOf(context: AnswerCacheContext, { job, route, signal }: RememberRequest) {
  const config = route.cache?.similar
  if (!config) return { scope: null, vector: null }
  try {
    return await compare(context, { work: job.work, config, signal })
  } catch (error) {
    if (!signal.aborted) context.onFailure({ operation: "remember", jobId: job.id, error })
    return { scope: null, vector: null }
  }
}

export interface CompareRequest {
  readonly work: Work
  readonly config: SimilarConfig
  readonly signal: AbortSignal
}

/** What makes an entry a candidate for similar prompts; nulls for a work that cannot be compared. */
export async function compare(
  { similarityOf }: Pick<AnswerCacheContext, "similarityOf">,
  { work, config, signal }: CompareRequest,
): Promise<{ readonly scope: string | null; readonly vector: CacheVector | null }> {
  const prompt = comparablePromptOf(work)
  const similarity = similarityOf(config)
  const values = prompt && (await similarity.vectorOf(prompt.text, signal))
  return prompt && values ? { scope: prompt.scope, vector: { space: similarity.space, values } } : { scope: null, vector: null }
}
