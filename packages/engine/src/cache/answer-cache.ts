import type {
  AnswerCacheContext,
  AnswerCacheDependencies,
  CacheFailure,
  CacheHit,
  CacheRequest,
  RememberRequest,
} from "./answer-cache-context.ts"
import { findLastGood } from "./find-last-good.ts"
import { lookUpFresh } from "./look-up-fresh.ts"
import { rememberAnswer } from "./remember-answer.ts"
import { createCandidateReader } from "./similarity/candidate-reader.ts"

/**
 * Answers that are given again. Off unless the route sets `cache` or has a `cache` tier. None of the methods rejects: a cache
 * that fails costs a hit, never a job. A job with `cache: "off"` neither reads nor leaves anything; one with `"refresh"` is not
 * answered by `lookup`.
 */
export interface AnswerCache {
  /**
   * A fresh answer that saves the call: to the same request within `cache.exact.ttlMs`, or with `cache.similar.direct` to a
   * similar one. Only answers of quality `full` are ever fresh; similar ones not to a job whose `fallback` is `none`.
   */
  lookup(request: CacheRequest): Promise<CacheHit | null>
  /**
   * The best there is, however old, for when nobody can be asked: for the same request, else the last one under the job's
   * `cacheKey`, else for a similar prompt if the route compares them. An answer under a `cacheKey` counts as `exact` with
   * similarity 1: its caller said that it stands for the other.
   */
  lastGood(request: CacheRequest): Promise<CacheHit | null>
  /** Keeps an answer that is worth it; see `worthKeeping`. Resolves when it is kept, or is not. */
  remember(request: RememberRequest): Promise<void>
}

export function createAnswerCache(dependencies: AnswerCacheDependencies): AnswerCache {
  const context: AnswerCacheContext = { ...dependencies, readCandidates: createCandidateReader(dependencies) }

  async function guarded<T>(operation: CacheFailure["operation"], { job, signal }: CacheRequest, run: () => Promise<T>): Promise<T | null> {
    try {
      return await run()
    } catch (error) {
      if (!signal.aborted) context.onFailure({ operation, jobId: job.id, error })
      return null
    }
  }
  return {
    lookup: (request) => guarded("lookup", request, () => lookUpFresh(context, request)),
    lastGood: (request) => guarded("last_good", request, () => findLastGood(context, request)),
    async remember(request) {
      await guarded("remember", request, () => rememberAnswer(context, request))
    },
  }
}
