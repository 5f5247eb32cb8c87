import { type Attempt, type BatchBounds, batchBoundsOf, traitsOf } from "@sluice/core"
import type { AskRequest } from "../execute/ask-endpoint.ts"
import { attemptsOfRun } from "../execute/execution.ts"
import { preferredEndpoint } from "../execute/preferred-endpoint.ts"
import { canonicalJson } from "../submit/canonical-json.ts"

export interface BatchPlace {
  /** Requests of one key may share a call. */
  readonly key: string
  /** The narrowest of the pool, since any of it may be chosen. */
  readonly bounds: BatchBounds
}

/**
 * With which other requests this one may share a call: embeddings of one tenant and route with the same parameters, over the same
 * endpoints, that admission would treat alike. Null: it goes alone.
 */
export function batchPlaceOf({ execution, tier, pool }: AskRequest): BatchPlace | null {
  const { job, route, catalog } = execution
  if (job.work.kind !== "embedding" || route.batching === "off") return null
  const attempts = attemptsOfRun(execution)
  if (attempts.some(isBadCompany)) return null
  const bounds = pool.map(batchBoundsOf)
  const narrowest = bounds.reduce((a, b) => a && b && narrower(a, b), bounds[0] ?? null)
  if (!narrowest) return null
  const { dimensions = null, providerOptions = null } = job.work.input
  const { priority, affinityKey } = job.options
  const parameters = [dimensions, canonicalJson(providerOptions), priority, preferredEndpoint(affinityKey, pool), attempts.length > 0]
  const key = JSON.stringify([
    job.tenantId,
    job.route,
    tier.name,
    pool.map(({ name, tenantKey }) => [name, tenantKey?.name, tenantKey?.revision]),
    catalog.version,
    ...parameters,
  ])
  return { key, bounds: narrowest }
}

/** After a shared call that was refused, or answered with something else, the job goes alone: there it finds out whose fault it was. */
function isBadCompany({ batchCallId, errorType }: Attempt): boolean {
  if (batchCallId === null || errorType === null) return false
  return errorType === "malformed_response" || !traitsOf(errorType).retryable
}

function narrower(a: BatchBounds, b: BatchBounds): BatchBounds {
  return {
    maxTexts: Math.min(a.maxTexts, b.maxTexts),
    maxTokens: Math.min(a.maxTokens, b.maxTokens),
    maxBytes: Math.min(a.maxBytes, b.maxBytes),
  }
}
