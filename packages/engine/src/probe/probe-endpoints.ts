import { canaryWorkOf, type Endpoint, type EndpointState, type Work } from "@sluice/core"
import { type CanaryCallDependencies, callCanary } from "../canary/call-canary.ts"
import type { Catalog } from "../catalog.ts"
import { admissionEndpointOf } from "../execute/admission-endpoint.ts"
import type { ProviderTier } from "../execute/candidates.ts"

export interface ProbeDependencies extends CanaryCallDependencies {
  readonly catalog: () => Catalog
}

/** Longer than any probe should take; an endpoint that does not answer a trifle within this is not back. */
const probeTimeoutMs = 15_000

interface Probe {
  readonly endpoint: Endpoint
  readonly route: string
  readonly tier: ProviderTier
  readonly work: Work
}

/**
 * Asks endpoints that nobody uses because they were broken or disabled, once their time is over, with their route's canary:
 * without traffic they would stay out of use for ever. Admission counts the call like any other. Resolves to the names of
 * those that were asked.
 */
export function createProber(dependencies: ProbeDependencies): () => Promise<readonly string[]> {
  const { admission, catalog, clock } = dependencies
  return async () => {
    const probes = probesOf(catalog())
    const states = await admission.state(probes.map(({ endpoint }) => admissionEndpointOf(endpoint)))
    const due = new Set(states.filter((state) => isDue(state, clock())).map(({ name }) => name))
    const asked = await Promise.all(probes.filter(({ endpoint }) => due.has(endpoint.name)).map((probe) => ask(dependencies, probe)))
    return asked.flatMap((name) => name ?? [])
  }
}

/**
 * The first route with a canary that an endpoint serves says how to ask it. Not those that only take tenants' keys, which are used for
 * that tenant's jobs alone: these find out themselves whether the endpoint is back.
 */
function probesOf({ routes, endpoints }: Catalog): readonly Probe[] {
  const probes = new Map<string, Probe>()
  for (const [route, config] of Object.entries(routes)) {
    const work = canaryWorkOf(config)
    if (!work) continue
    for (const tier of config.tiers) {
      const served = "endpoints" in tier ? tier.endpoints.flatMap((name) => endpoints.get(name) ?? []) : []
      const own = served.filter(({ name, credential }) => credential !== "tenant" && !probes.has(name))
      if ("endpoints" in tier) for (const endpoint of own) probes.set(endpoint.name, { endpoint, route, tier, work })
    }
  }
  return [...probes.values()]
}

function isDue({ breaker, forced, openUntil, disabled, inFlight }: EndpointState, now: Date): boolean {
  if (forced === "open" || inFlight > 0) return false
  if (disabled) return disabled.until <= now
  return breaker === "half_open" || (breaker === "open" && openUntil !== null && openUntil <= now)
}

async function ask(dependencies: ProbeDependencies, { endpoint, route, tier, work }: Probe): Promise<string | null> {
  const { version } = dependencies.catalog()
  const { kind } = await callCanary(dependencies, { endpoint, route, tier, work, timeoutMs: probeTimeoutMs, version })
  return kind === "called" ? endpoint.name : null
}
