import type { CacheEntry } from "@sluice/core"
import type { AnswerCacheContext, CacheHit, CacheRequest } from "./answer-cache-context.ts"
import { fitOutput } from "./output/fit-output.ts"

export interface Match {
  readonly entry: CacheEntry
  readonly kind: CacheHit["cache"]["kind"]
  readonly similarity: number
}

/** What the job is given of an entry; null when its answer is none to this request. */
export function hitOf({ schemas, clock }: AnswerCacheContext, { job }: CacheRequest, { entry, kind, similarity }: Match): CacheHit | null {
  const fitted = fitOutput({ schemas, work: job.work, output: entry.output })
  if (!fitted) return null
  // Another process's clock may be ahead of this one's.
  const ageMs = Math.max(0, clock().getTime() - entry.storedAt.getTime())
  return { ...fitted, origin: entry.origin, cache: { kind, ageMs, similarity } }
}
