import type { Attempt, Provenance, Quality, TierName } from "@sluice/core"
import type { CacheHit } from "../cache/answer-cache-context.ts"
import type { SchemaVerdict } from "../structure/check-structure.ts"
import type { TierAnswer } from "../tiers/tier-answers.ts"

const qualityOf: Readonly<Record<TierName, Quality>> = {
  primary: "full",
  fallback: "reduced",
  rules: "generic",
  cache: "stale",
  static: "minimal",
}

export interface ServedBy {
  readonly attempt: Attempt
  /** The model that the provider says it used. */
  readonly model: string
  readonly requestedModel: string | null
  readonly verdict: SchemaVerdict
  /** Calls that were spent on repairing the answer. */
  readonly repairs: number
  /** Why the tiers before did not serve it, where there are any. */
  readonly degradedReason: string | null
}

/** Tells how a provider's answer came about. */
export function provenanceOf({ attempt, model, requestedModel, verdict, repairs, degradedReason }: ServedBy): Provenance {
  const { tier, endpoint, provider, region } = attempt
  const degraded = tier !== "primary"
  return {
    requested: { tier: "primary", model: requestedModel },
    served: { tier, endpoint, provider, model, region },
    quality: qualityOf[tier],
    degraded,
    degradedReason: degraded ? degradedReason : null,
    cache: null,
    schemaValid: verdict?.valid ?? null,
    repairs,
  }
}

/** Tells of an answer that was given before and is as good as a new one: who gave it then, and how long ago. */
export function provenanceOfHit({ origin, cache, schemaValid }: CacheHit, requestedModel: string | null): Provenance {
  const degraded = origin.served.tier !== "primary" && origin.served.tier !== "cache"
  return {
    requested: { tier: "primary", model: requestedModel },
    served: origin.served,
    quality: origin.quality,
    degraded,
    degradedReason: null,
    cache,
    schemaValid,
    repairs: 0,
  }
}

export interface ServedByTier {
  readonly tier: TierName
  readonly answer: TierAnswer
  readonly requestedModel: string | null
  readonly degradedReason: string
}

/** Tells of an answer for which no provider was asked. Of a kept one, who gave it when it was new. */
export function provenanceOfTier({ tier, answer, requestedModel, degradedReason }: ServedByTier): Provenance {
  const nobody = { endpoint: null, provider: null, model: null, region: null }
  return {
    requested: { tier: "primary", model: requestedModel },
    served: { ...(answer.origin?.served ?? nobody), tier },
    quality: answer.quality,
    degraded: true,
    degradedReason,
    cache: answer.cache,
    schemaValid: answer.schemaValid,
    repairs: 0,
  }
}
