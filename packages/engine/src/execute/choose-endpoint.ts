import {
  type Attempt,
  type Endpoint,
  type Provider,
  type ProviderName,
  type Random,
  type RouteConfig,
  type RunningJob,
  type TierName,
  traitsOf,
} from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import { isCapable } from "./capable.ts"
import { orderEndpoints } from "./order-endpoints.ts"

export interface ChooseDependencies {
  readonly catalog: Catalog
  readonly providerOf: (name: ProviderName) => Provider
  readonly random: Random
}

export interface ChooseRequest {
  readonly route: RouteConfig
  readonly job: RunningJob
  /** Calls made by this execution so far; the job has those of earlier ones. */
  readonly made: readonly Attempt[]
}

export type Choice =
  | { readonly kind: "call"; readonly tier: TierName; readonly endpoint: Endpoint }
  /** Every endpoint that could serve the input has been asked by this execution. */
  | { readonly kind: "all_asked" }
  | { readonly kind: "none_capable" }

/**
 * Chooses whom to ask next: from the first provider tier that the caller allows and that can serve this input. A later
 * tier is reached only when all of an earlier one's endpoints cannot serve it, or have said that they will not.
 */
export function chooseEndpoint(dependencies: ChooseDependencies, request: ChooseRequest): Choice {
  const { catalog, providerOf, random } = dependencies
  const { route, job, made } = request
  const attempts = [...job.attempts, ...made]
  const hopeless = endpointsThatRefused(job.run, attempts)
  for (const tier of allowedTiers(route, job)) {
    const able = tier.endpoints
      .flatMap((name) => catalog.endpoints.get(name) ?? [])
      .filter(
        (endpoint) => !hopeless.has(endpoint.name) && isCapable(endpoint, job.work, (kind) => providerOf(endpoint.provider).supports(kind)),
      )
    if (able.length === 0) continue
    const unasked =
      route.failover === "off" && made.length > 0 ? [] : able.filter(({ name }) => made.every(({ endpoint }) => endpoint !== name))
    const [first] = orderEndpoints(unasked, { random, justFailed: attempts.at(-1)?.endpoint ?? null })
    return first ? { kind: "call", tier: tier.name, endpoint: first } : { kind: "all_asked" }
  }
  return { kind: "none_capable" }
}

function allowedTiers(route: RouteConfig, job: RunningJob) {
  const tiers = route.tiers.filter((tier) => "endpoints" in tier)
  return job.options.fallback === "none" ? tiers.slice(0, 1) : tiers
}

/** Endpoints that have said of this very input that they will not serve it: asking again would only cost. */
function endpointsThatRefused(run: number, attempts: readonly Attempt[]): ReadonlySet<string> {
  const refusals = attempts.filter((attempt) => attempt.run === run && attempt.errorType !== null && !traitsOf(attempt.errorType).retryable)
  return new Set(refusals.map(({ endpoint }) => endpoint))
}

/** What the caller asked for, as the result's provenance names it: the first model of the primary tier. */
export function requestedModel(catalog: Catalog, route: RouteConfig): string | null {
  const [primary] = route.tiers
  const first = primary && "endpoints" in primary ? primary.endpoints[0] : undefined
  return first === undefined ? null : (catalog.endpoints.get(first)?.model ?? null)
}
