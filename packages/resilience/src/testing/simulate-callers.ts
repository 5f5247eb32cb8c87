import type { AdmissionModel } from "../admission/create-admission-model.ts"
import type { ModelAdmitRequest, ModelEndpoint, ModelSettleRequest } from "../admission/types.ts"
import { sampleAdmit, sampleSettle } from "./samples.ts"
import type { VirtualTime } from "./virtual-time.ts"

/** What a provider makes of a call. */
export type Answer = Partial<Pick<ModelSettleRequest, "outcome" | "throttled" | "retryAfterMs" | "reported" | "tokensUsed" | "disable">> & {
  readonly latencyMs: number
}

export interface Start {
  readonly caller: number
  readonly endpoint: string
  readonly atMs: number
  /** How long the caller has asked before. */
  readonly waitedMs: number
  readonly answer: Answer
}

export interface SimulateOptions {
  readonly time: VirtualTime
  readonly admission: AdmissionModel
  readonly endpoints: readonly ModelEndpoint[]
  readonly callers: number
  readonly requestOf?: (caller: number) => Partial<ModelAdmitRequest>
  readonly provider: (endpoint: string, atMs: number) => Answer
  /** How long a caller rests after a call. */
  readonly restMs?: (answer: Answer) => number
}

export interface Simulation {
  readonly starts: readonly Start[]
  readonly admits: () => number
}

/** Callers who call, come back when they are told to, and call again, all on virtual time. */
export function simulateCallers(options: SimulateOptions): Simulation {
  const { time, admission, endpoints, provider, requestOf = () => ({}), restMs = () => 0 } = options
  const starts: Start[] = []
  let admits = 0

  const call = (caller: number, request: ModelAdmitRequest, since: number): void => {
    admits += 1
    const outcome = admission.admit(request)
    switch (outcome.kind) {
      case "refused":
        time.after(outcome.retryInMs, () => call(caller, { ...request, refusals: request.refusals + 1 }, since))
        break
      case "booked":
        time.after(outcome.startInMs, () => call(caller, request, since))
        break
      case "admitted": {
        const endpoint = endpoints.find(({ name }) => name === outcome.endpoint)
        if (endpoint === undefined) throw new Error(`${outcome.endpoint} is not in the pool`)
        time.after(outcome.startInMs, () => run({ caller, request, since, endpoint, generation: outcome.generation }))
      }
    }
  }
  const run = (started: {
    readonly caller: number
    readonly request: ModelAdmitRequest
    readonly since: number
    readonly endpoint: ModelEndpoint
    readonly generation: string
  }): void => {
    const { caller, request, since, endpoint, generation } = started
    const atMs = time.nowMs()
    const answer = provider(endpoint.name, atMs)
    starts.push({ caller, endpoint: endpoint.name, atMs, waitedMs: atMs - since, answer })
    time.after(answer.latencyMs, () => {
      const pool = endpoints.map(({ name }) => name)
      const { lease, route, tokens } = request
      admission.settle(sampleSettle({ lease, route, endpoint, pool, generation, tokensReserved: tokens, ...answer }))
      time.after(restMs(answer), () => begin(caller))
    })
  }
  const begin = (caller: number): void => call(caller, sampleAdmit({ endpoints, ...requestOf(caller) }), time.nowMs())
  for (let caller = 0; caller < options.callers; caller += 1) time.after(caller, () => begin(caller))
  return { starts, admits: () => admits }
}

/** A provider that allows so many requests per minute and refuses the rest without a word about its limits. */
export function tokenBucketProvider(options: {
  readonly perMinute: number
  readonly burstMs: number
  readonly latencyMs: () => number
  readonly retryAfterMs?: number | null
}): (endpoint: string, atMs: number) => Answer {
  const { perMinute, burstMs, latencyMs, retryAfterMs = null } = options
  const perMs = perMinute / 60_000
  let level = perMs * burstMs
  let filledAtMs = 0
  return (_endpoint, atMs) => {
    level = Math.min(perMs * burstMs, level + (atMs - filledAtMs) * perMs)
    filledAtMs = atMs
    if (level < 1) return { outcome: "ignore", throttled: true, retryAfterMs, latencyMs: 60 }
    level -= 1
    return { outcome: "success", latencyMs: latencyMs() }
  }
}

/** The most starts in any window of that length. */
export function mostStartsIn(windowMs: number, starts: readonly { readonly atMs: number }[]): number {
  const times = starts.map(({ atMs }) => atMs).sort((one, other) => one - other)
  let first = 0
  return times.reduce((most, atMs, index) => {
    while ((times[first] ?? atMs) <= atMs - windowMs) first += 1
    return Math.max(most, index - first + 1)
  }, 0)
}
