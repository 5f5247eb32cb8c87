import type { AdmissionEndpoint, Priority } from "@sluice/core"
import fc from "fast-check"

/** What can be done to admission, with choices left open that depend on what happened before. */
export type Action =
  | { readonly kind: "advance"; readonly ms: number }
  | {
      readonly kind: "admit"
      readonly pool: readonly number[]
      /** Which of the callers who wait asks again; past them all: a new one. */
      readonly waiting: number
      readonly tokens: number
      readonly leaseMs: number
      readonly maxWaitMs: number
      readonly affinity: number | null
      readonly isRetry: boolean
      readonly priority: Priority
      readonly version: number
      readonly draws: readonly [number, number]
    }
  | {
      readonly kind: "settle"
      /** Which of the calls made so far, the settled ones included. */
      readonly call: number
      readonly outcome: "success" | "failure" | "ignore"
      readonly latencyMs: number
      readonly tokensUsed: number | null
      readonly throttled: boolean
      readonly retryAfterMs: number | null
      readonly reported: Reported | null
      readonly disable: "credential" | "quota" | null
      readonly version: number
    }
  /** Asks for a call that was let in once more. */
  | { readonly kind: "repeat"; readonly call: number; readonly draws: readonly [number, number] }
  | { readonly kind: "release"; readonly call: number }
  | { readonly kind: "renew"; readonly call: number; readonly leaseMs: number }
  | { readonly kind: "force"; readonly endpoint: number; readonly state: "open" | "closed" | "auto" }
  | { readonly kind: "pause"; readonly paused: boolean }
  | { readonly kind: "look" }

export type ActionOf<Kind extends Action["kind"]> = Extract<Action, { readonly kind: Kind }>

interface Window {
  readonly limit: number | null
  readonly remaining: number | null
  readonly resetMs: number | null
}

interface Reported {
  readonly requests: Window | null
  readonly tokens: Window | null
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 2 })
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 20, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })

const breaker = fc.record({
  windowMs: fc.constantFrom(1_000, 5_500, 30_000),
  minimumCalls: fc.integer({ min: 1, max: 6 }),
  failureRate: fc.constantFrom(0.3, 0.5, 1),
  slowCallMs: orNull(fc.constantFrom(100, 1_000)),
  slowCallRate: fc.constantFrom(0.5, 0.8),
  thinFailures: fc.integer({ min: 1, max: 3 }),
  thinWindowMs: fc.constantFrom(3_000, 60_000),
  openMs: fc.constantFrom(200, 1_500),
  maxOpenMs: fc.constantFrom(1_500, 10_000),
  probes: fc.integer({ min: 1, max: 3 }),
})

export type Endpoints = readonly [AdmissionEndpoint, ...AdmissionEndpoint[]]

/** Few names, so that groups and credentials are shared. */
const settings = fc.record({
  limitGroup: fc.constantFrom("one", "two"),
  credential: fc.constantFrom("red", "blue"),
  priority: fc.constantFrom(0, 0, 1),
  weight: fc.constantFrom(1, 1, 2.5),
  requestsPerMinute: orNull(fc.constantFrom(7, 60, 600, 12_345)),
  tokensPerMinute: orNull(fc.constantFrom(1_000, 60_000)),
  concurrency: orNull(fc.integer({ min: 1, max: 4 })),
  breaker: orNull(breaker),
})

export const arbitraryEndpoints: fc.Arbitrary<Endpoints> = fc
  .tuple(settings, fc.array(settings, { maxLength: 3 }))
  .map(([first, others]) => [
    { ...first, name: "endpoint-0" },
    ...others.map((endpoint, index) => ({ ...endpoint, name: `endpoint-${index + 1}` })),
  ])

const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const version = fc.constantFrom(1, 1, 1, 2)
const ms = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 50 }) },
  { weight: 3, arbitrary: fc.integer({ min: 50, max: 2_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 2_000, max: 90_000 }) },
)

const window = orNull(
  fc.record({
    limit: orNull(fc.constantFrom(-1, 0, 30, 300, 50_000)),
    remaining: orNull(fc.constantFrom(-1, 0, 1, 40)),
    resetMs: orNull(fc.constantFrom(0, 500, 6_000)),
  }),
)

const admit: fc.Arbitrary<Action> = fc.record({
  kind: fc.constant("admit"),
  pool: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 4 }),
  waiting: fc.nat(5),
  tokens: fc.constantFrom(0, 10, 700, 5_000),
  leaseMs: fc.constantFrom(1_000, 30_000),
  maxWaitMs: fc.constantFrom(0, 500, 2_000),
  affinity: orNull(fc.nat(3)),
  isRetry: fc.constantFrom(false, false, true),
  priority: fc.constantFrom("interactive", "standard", "bulk"),
  version,
  draws: fc.tuple(draw, draw),
})

const settle: fc.Arbitrary<Action> = fc.record({
  kind: fc.constant("settle"),
  call: fc.nat(7),
  outcome: fc.constantFrom("success", "success", "failure", "failure", "ignore"),
  latencyMs: fc.constantFrom(0, 40, 333, 4_000),
  tokensUsed: orNull(fc.constantFrom(0, 650, 9_000)),
  throttled: fc.constantFrom(false, false, true),
  retryAfterMs: orNull(fc.constantFrom(0, 50, 3_000)),
  reported: orNull(fc.record({ requests: window, tokens: window })),
  disable: rarely(fc.constantFrom("credential", "quota")),
  version,
})

export const arbitraryActions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    { weight: 16, arbitrary: admit },
    { weight: 12, arbitrary: settle },
    { weight: 10, arbitrary: fc.record({ kind: fc.constant("advance"), ms }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("repeat"), call: fc.nat(3), draws: fc.tuple(draw, draw) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("release"), call: fc.nat(7) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("renew"), call: fc.nat(7), leaseMs: fc.constantFrom(100, 20_000) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("force"),
        endpoint: fc.nat(3),
        state: fc.constantFrom("open", "closed", "auto", "auto", "auto"),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("pause"), paused: fc.constantFrom(true, false, false, false, false) }) },
    { weight: 2, arbitrary: fc.constant<Action>({ kind: "look" }) },
  ),
  { minLength: 1, maxLength: 120, size: "max" },
)

/** Builds actions by hand; what is not said is the plainest. */
export const act = {
  admit: (overrides: Partial<ActionOf<"admit">> = {}): Action => ({
    kind: "admit",
    pool: [0],
    waiting: 99,
    tokens: 0,
    leaseMs: 60_000,
    maxWaitMs: 2_000,
    affinity: null,
    isRetry: false,
    priority: "standard",
    version: 1,
    draws: [0, 0],
    ...overrides,
  }),
  settle: (overrides: Partial<ActionOf<"settle">> = {}): Action => ({
    kind: "settle",
    call: 0,
    outcome: "success",
    latencyMs: 40,
    tokensUsed: null,
    throttled: false,
    retryAfterMs: null,
    reported: null,
    disable: null,
    version: 1,
    ...overrides,
  }),
  advance: (ms: number): Action => ({ kind: "advance", ms }),
  repeat: (call: number): Action => ({ kind: "repeat", call, draws: [0.9, 0.9] }),
}

/** The actions, so many times over. */
export function times(count: number, ...actions: readonly Action[]): readonly Action[] {
  return Array.from({ length: count }, () => actions).flat()
}
