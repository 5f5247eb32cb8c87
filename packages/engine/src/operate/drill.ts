import { canaryOf, type Json, type Origin, type TierConfig } from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import type { SubmitJob, SubmitJobOutcome } from "../submit/submit-job.ts"

export interface DrillDependencies {
  readonly submitJob: SubmitJob
  readonly catalog: () => Catalog
}

export interface DrillRequest extends Origin {
  readonly tenantId: string
  readonly route: string
  /** Null: the route's canary. */
  readonly input: Json | null
  readonly task: string | null
}

export type DrillOutcome =
  | { readonly kind: "submitted"; readonly jobs: readonly { readonly tier: TierConfig["name"]; readonly jobId: string }[] }
  /** The route has no canary, and no input was given. */
  | { readonly kind: "no_input" }
  | Extract<SubmitJobOutcome, { kind: "route_unknown" | "invalid_input" | "budget_exhausted" }>

/** A tier that has no answer by then is not fit for an emergency. */
const drillMs = 60_000

export type Drill = (request: DrillRequest) => Promise<DrillOutcome>

/**
 * Asks each tier of a route on the running system, by a job that no other tier may answer. Other jobs notice nothing of it,
 * and the drill needs no outage: what it asks goes through admission like any call.
 */
export function createDrill({ submitJob, catalog }: DrillDependencies): Drill {
  return async ({ tenantId, route: name, input: given, task, ...origin }) => {
    const { routes } = catalog()
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined
    if (!route) return { kind: "route_unknown", known: Object.keys(routes) }
    const input = given ?? canaryOf(route)?.input ?? null
    if (input === null) return { kind: "no_input" }
    const jobs = []
    for (const { name: tier } of route.tiers) {
      const body = bodyOf({ route: name, input, task, tier })
      const outcome = await submitJob({ tenantId, body, idempotencyKey: null, ...origin, onlyTier: tier })
      if (outcome.kind !== "accepted") return refusalOf(outcome)
      jobs.push({ tier, jobId: outcome.job.id })
    }
    return { kind: "submitted", jobs }
  }
}

function refusalOf(outcome: Exclude<SubmitJobOutcome, { kind: "accepted" }>): Exclude<DrillOutcome, { kind: "submitted" | "no_input" }> {
  if (outcome.kind === "route_unknown" || outcome.kind === "invalid_input" || outcome.kind === "budget_exhausted") return outcome
  throw new Error(`A drill's job was not accepted: ${outcome.kind}`)
}

function bodyOf({ route, input, task, tier }: { route: string; input: Json; task: string | null; tier: string }) {
  // "refresh": a kept answer would stand in for the provider that is to be asked.
  const options = { task, expiresInMs: drillMs, fallback: "any", cache: "refresh", priority: "interactive" } as const
  return { route, input, options, metadata: { drill: tier } }
}
