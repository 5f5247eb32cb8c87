import {
  type CanaryResult,
  type CanaryStore,
  type Clock,
  canaryKeyOf,
  canaryOf,
  type InferenceHealth,
  type RouteConfig,
  type RouteHealth,
  type TierConfig,
} from "@sluice/core"

export interface InferenceHealthDependencies {
  readonly canaries: Pick<CanaryStore, "list">
  readonly routes: () => Readonly<Record<string, RouteConfig>>
  readonly clock: Clock
  /** Looks that come closer together are one: whoever asks has no key. Default 1 s. */
  readonly reuseMs?: number
}

export type ReadInferenceHealth = () => Promise<InferenceHealth>

/** A result counts for so many periods, and this much longer: then nobody asks any more. */
const periodsUntilStale = 3
const slackMs = 60_000

/** Whether models answer, by what workers found last. */
export function createInferenceHealth({ canaries, routes, clock, reuseMs = 1_000 }: InferenceHealthDependencies): ReadInferenceHealth {
  let last: { readonly atMs: number; readonly health: Promise<InferenceHealth> } | null = null
  async function look(now: Date): Promise<InferenceHealth> {
    const results = new Map((await canaries.list()).map((result) => [canaryKeyOf(result), result]))
    const healths = Object.entries(routes()).map(([name, route]) => [name, healthOf(name, route, { results, now })] as const)
    return { status: worstOf(healths.map(([, { status }]) => status)), routes: Object.fromEntries(healths) }
  }
  return () => {
    const now = clock()
    if (last !== null && Math.abs(now.getTime() - last.atMs) < reuseMs) return last.health
    const health = look(now)
    last = { atMs: now.getTime(), health }
    // The next asks anew.
    health.catch(() => {
      last = null
    })
    return health
  }
}

interface Seen {
  readonly results: ReadonlyMap<string, CanaryResult>
  readonly now: Date
}

type TierHealth = RouteHealth["tiers"][number]
type EndpointHealth = TierHealth["endpoints"][number]

function healthOf(route: string, config: RouteConfig, { results, now }: Seen): RouteHealth {
  const everyMs = canaryOf(config)?.everyMs ?? null
  const endpointHealth = (tier: TierConfig["name"], endpoint: string): EndpointHealth => {
    const result = results.get(canaryKeyOf({ route, tier, endpoint }))
    const isFresh = result && everyMs !== null && now.getTime() - result.checkedAt.getTime() <= everyMs * periodsUntilStale + slackMs
    if (!isFresh)
      return { name: endpoint, status: "unknown", checkedAt: result?.checkedAt.toISOString() ?? null, latencyMs: null, error: null }
    const { outcome, checkedAt, latencyMs, error } = result
    return { name: endpoint, status: outcome, checkedAt: checkedAt.toISOString(), latencyMs, error }
  }
  const tiers = config.tiers.map((tier): TierHealth => {
    const endpoints = "endpoints" in tier ? tier.endpoints.map((name) => endpointHealth(tier.name, name)) : []
    return { name: tier.name, status: "endpoints" in tier ? statusOfTier(endpoints) : "standby", endpoints }
  })
  return { status: everyMs === null ? "unknown" : statusOfRoute(tiers), tiers }
}

function statusOfTier(endpoints: readonly EndpointHealth[]): TierHealth["status"] {
  const has = (status: EndpointHealth["status"]) => endpoints.some((endpoint) => endpoint.status === status)
  if (has("ok")) return "ok"
  if (has("slow")) return "degraded"
  return has("unknown") ? "unknown" : "down"
}

/** Rules and fixed answers always answer; a kept answer only what was asked before, so nobody can count on it. */
function statusOfRoute(tiers: readonly TierHealth[]): RouteHealth["status"] {
  const [primary] = tiers
  if (primary?.status === "ok") return "ok"
  const answers = ({ name, status }: TierHealth) =>
    status === "ok" || status === "degraded" || (status === "standby" && (name === "rules" || name === "static"))
  if (primary?.status === "unknown") return "unknown"
  if (tiers.some(answers)) return "degraded"
  return tiers.some(({ status }) => status === "unknown") ? "unknown" : "down"
}

function worstOf(statuses: readonly RouteHealth["status"][]): InferenceHealth["status"] {
  const order = ["down", "degraded", "ok", "unknown"] as const
  return order.find((status) => statuses.includes(status)) ?? "unknown"
}
