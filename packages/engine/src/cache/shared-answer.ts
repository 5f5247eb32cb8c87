import type { CacheableOutput, Clock, GeneratedOutput, Provenance } from "@sluice/core"
import type { CacheHit } from "./answer-cache-context.ts"
import { worthKeeping } from "./worth-keeping.ts"

/** An answer that has just come, for those who wait for the same. */
export interface SharedAnswer extends Omit<CacheHit, "cache"> {
  readonly output: CacheableOutput
  readonly answeredAt: Date
}

/** Null for an answer that the cache would not give again either: what is cut, lesser than the primary tier's, or no answer at all. */
export function sharedAnswerOf(generated: GeneratedOutput, provenance: Provenance, answeredAt: Date): SharedAnswer | null {
  const kept = worthKeeping(generated, provenance)
  if (kept?.quality !== "full") return null
  const { served, schemaValid } = provenance
  return { output: kept.output, origin: { served, quality: kept.quality }, schemaValid: schemaValid || null, answeredAt }
}

/** The same as what the caller would have found in the cache a moment later. */
export function hitOfShared({ answeredAt, ...answer }: SharedAnswer, clock: Clock): CacheHit {
  return { ...answer, cache: { kind: "exact", ageMs: Math.max(0, clock().getTime() - answeredAt.getTime()), similarity: 1 } }
}
