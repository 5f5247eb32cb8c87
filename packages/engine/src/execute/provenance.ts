import type { Attempt, Provenance, Quality, TierName } from "@sluice/core"
import type { SchemaVerdict } from "../structure/check-structure.ts"

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
  /** Why the tiers before did not serve it, where there are any. */
  readonly degradedReason: string | null
}

/** Tells how a provider's answer came about. */
export function provenanceOf({ attempt, model, requestedModel, verdict, degradedReason }: ServedBy): Provenance {
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
    repairs: 0,
  }
}
