import { Gauge, type Registry } from "@prometheus-io/client"
import type { EndpointResource, InferenceHealth, QueueState } from "@sluice/core"

export interface SharedGaugesOptions {
  readonly registry: Registry
  readonly queues: () => Promise<readonly QueueState[]>
  readonly endpoints: () => Promise<readonly EndpointResource[]>
  readonly health: () => Promise<InferenceHealth>
  /** A scrape told nothing of these, since Redis did not answer. */
  readonly onError: (error: unknown) => void
  /** Looks that come closer together are one. Default 1 s. */
  readonly reuseMs?: number
  readonly nowMs?: () => number
}

const breakerStates = ["closed", "open", "half_open"] as const

/** What all processes share, asked of Redis at a scrape: queues by route, endpoints with their breakers and allowances. */
export function createSharedGauges(options: SharedGaugesOptions): void {
  addQueueGauges(options)
  addEndpointGauges(options)
  addHealthGauges(options)
}

function addQueueGauges(options: SharedGaugesOptions): void {
  const look = lookOnce(options.queues, options)
  const add = gaugesOver(options.registry, look)
  const nowMs = options.nowMs ?? Date.now
  add("sluice_queue_jobs", "Jobs in the queue of a route, by state.", ["route", "state"], ({ route, ...queue }, set) => {
    set({ route, state: "waiting" }, queue.waiting + queue.prioritized)
    set({ route, state: "delayed" }, queue.delayed)
    set({ route, state: "active" }, queue.active)
  })
  add("sluice_queue_oldest_age_seconds", "How long the oldest of the next jobs in line has waited.", ["route"], (queue, set) => {
    const since = queue.oldestWaitingSince?.getTime() ?? nowMs()
    set({ route: queue.route }, Math.max(0, (nowMs() - since) / 1_000))
  })
  add("sluice_queue_paused", "1 while an operator has paused the queue.", ["route"], ({ route, paused }, set) => {
    set({ route }, paused ? 1 : 0)
  })
}

function addEndpointGauges(options: SharedGaugesOptions): void {
  const add = gaugesOver(options.registry, lookOnce(options.endpoints, options))
  add(
    "sluice_endpoint_breaker_state",
    "1 for the state that an endpoint's breaker is in.",
    ["endpoint", "state"],
    ({ name, breaker }, set) => {
      for (const state of breakerStates) set({ endpoint: name, state }, state === breaker.state ? 1 : 0)
    },
  )
  add("sluice_endpoint_calls_in_flight", "Calls under way, of all workers.", ["endpoint"], ({ name, inFlight }, set) => {
    set({ endpoint: name }, inFlight)
  })
  add("sluice_endpoint_concurrency_cap", "How many calls may be under way at present.", ["endpoint"], ({ name, concurrencyCap }, set) => {
    if (concurrencyCap !== null) set({ endpoint: name }, concurrencyCap)
  })
  add("sluice_endpoint_disabled", "1 while its credential is out of use.", ["endpoint", "reason"], ({ name, disabled }, set) => {
    for (const reason of ["credential", "quota"]) set({ endpoint: name, reason }, disabled?.reason === reason ? 1 : 0)
  })
  add(
    "sluice_endpoint_allowance_used_ratio",
    "Used share of what a provider allows in a minute.",
    ["endpoint", "unit"],
    ({ name, requestsPerMinute: requests, tokensPerMinute: tokens }, set) => {
      if (requests?.limit) set({ endpoint: name, unit: "requests" }, requests.used / requests.limit)
      if (tokens?.limit) set({ endpoint: name, unit: "tokens" }, tokens.used / tokens.limit)
    },
  )
}

const routeStatuses = ["ok", "degraded", "down", "unknown"] as const

function addHealthGauges(options: SharedGaugesOptions): void {
  const add = gaugesOver(
    options.registry,
    lookOnce(async () => Object.entries((await options.health()).routes), options),
  )
  add("sluice_route_health", "1 for what the canaries of a route say of it.", ["route", "status"], ([route, health], set) => {
    for (const status of routeStatuses) set({ route, status }, status === health.status ? 1 : 0)
  })
  const labelNames = ["route", "tier", "endpoint"]
  const ofEach = ([route, { tiers }]: [string, InferenceHealth["routes"][string]]) =>
    tiers.flatMap(({ name: tier, endpoints }) =>
      endpoints.flatMap(({ name: endpoint, ...found }) =>
        found.status === "unknown" ? [] : [{ ...found, labels: { route, tier, endpoint } }],
      ),
    )
  add("sluice_canary_up", "1 while the last answer to a canary was good, in time or not.", labelNames, (route, set) => {
    for (const { labels, status } of ofEach(route)) set(labels, status === "ok" || status === "slow" ? 1 : 0)
  })
  add("sluice_canary_latency_seconds", "How long the last call of a canary took.", labelNames, (route, set) => {
    for (const { labels, latencyMs } of ofEach(route)) if (latencyMs !== null) set(labels, latencyMs / 1_000)
  })
}

type SetValue = (labels: Readonly<Record<string, string>>, value: number) => void

/** Gauges that take their values from the same look. Series of what is no longer there go; without a look the last values stay. */
function gaugesOver<State>(registry: Registry, look: () => Promise<readonly State[] | null>) {
  return (name: string, help: string, labelNames: readonly string[], read: (state: State, set: SetValue) => void): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        const states = await look()
        if (states === null) return
        this.reset()
        for (const state of states) read(state, (labels, value) => this.set(labels, value))
      },
    })
  }
}

/** Null when nothing could be learned. The gauges of one scrape share a look. */
function lookOnce<T>(look: () => Promise<T>, { onError, reuseMs = 1_000, nowMs = Date.now }: SharedGaugesOptions): () => Promise<T | null> {
  let last: { readonly atMs: number; readonly answer: Promise<T | null> } | null = null
  return () => {
    if (last !== null && nowMs() - last.atMs < reuseMs) return last.answer
    const answer = look().catch((error: unknown) => {
      onError(error)
      return null
    })
    last = { atMs: nowMs(), answer }
    return answer
  }
}
