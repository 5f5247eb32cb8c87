import { type Attempt, type Endpoint, type Provider, type ProviderName, type TierConfig, traitsOf } from "@sluice/core"
import { isCapable } from "./capable.ts"
import { expectedCostUsd, totalCost } from "./cost.ts"
import { attemptsOfRun, type Execution } from "./execution.ts"

export type ProviderTier = Extract<TierConfig, { endpoints: unknown }>

export interface Candidates {
  /** Whom this execution may ask next. */
  readonly unasked: readonly Endpoint[]
  /** Of those, whose next call fits into the job's `maxCostUsd`. */
  readonly affordable: readonly Endpoint[]
  /** Able to serve the input, asked or not. */
  readonly able: readonly Endpoint[]
}

/** Which endpoints of a tier can serve this input, and which of them are left to be asked. */
export function candidatesOf(tier: ProviderTier, execution: Execution, providerOf: (name: ProviderName) => Provider): Candidates {
  const { job, route, catalog, made } = execution
  const attempts = attemptsOfRun(execution)
  const hopeless = endpointsThatRefused(attempts)
  const able = tier.endpoints
    .flatMap((name) => catalog.endpoints.get(name) ?? [])
    .filter(
      (endpoint) =>
        isAllowed(job, endpoint) &&
        !hopeless.has(endpoint.name) &&
        isCapable(endpoint, job.work, (kind) => providerOf(endpoint.provider).supports(kind)),
    )
  const asked = new Set(made.map(({ endpoint }) => endpoint))
  const unasked = route.failover === "off" && made.length > 0 ? [] : able.filter(({ name }) => !asked.has(name))
  const { maxCostUsd } = job.options
  if (maxCostUsd === null) return { able, unasked, affordable: unasked }
  const spentUsd = totalCost(attempts).usd
  return { able, unasked, affordable: unasked.filter((endpoint) => spentUsd + expectedCostUsd(endpoint, job.work) <= maxCostUsd) }
}

function isAllowed({ options }: Execution["job"], { name }: Endpoint): boolean {
  return options.onlyEndpoint === undefined || options.onlyEndpoint === name
}

/** Endpoints that have said of this very input, not of one that it was a part of, that they will not serve it: asking again would only cost. */
function endpointsThatRefused(attempts: readonly Attempt[]): ReadonlySet<string> {
  const refusals = attempts.filter(
    ({ errorType, batchCallId }) => batchCallId === null && errorType !== null && !traitsOf(errorType).retryable,
  )
  return new Set(refusals.map(({ endpoint }) => endpoint))
}

/** What the caller asked for, as the result's provenance names it: the first model of the primary tier. */
export function requestedModel({ catalog, route }: Pick<Execution, "catalog" | "route">): string | null {
  const primary: TierConfig | undefined = route.tiers[0]
  const first = primary && "endpoints" in primary ? primary.endpoints[0] : undefined
  return first === undefined ? null : (catalog.endpoints.get(first)?.model ?? null)
}
