import type { AdmissionEndpoint } from "@sluice/core"
import fc from "fast-check"
import { describe, test } from "vitest"
import { connectToSharedRedis } from "../support/connect.ts"
import { type Action, act, arbitraryActions, arbitraryEndpoints, type Endpoints, times } from "./actions.ts"
import { playActions } from "./play-actions.ts"
import { rules, sampleEndpoint } from "./samples.ts"

const nothingLeft = { requests: { limit: null, remaining: 0, resetMs: null }, tokens: null }
const refused = act.settle({ outcome: "ignore", throttled: true })

/** Of the latest calls. */
const refusals = (count: number): readonly Action[] =>
  Array.from({ length: count }, (_, call) => act.settle({ call, outcome: "ignore", throttled: true }))

/** What chance seldom comes upon: long runs of the same, and times just within and just beyond a bound. */
const seldom: readonly {
  readonly name: string
  readonly endpoints: readonly Partial<AdmissionEndpoint>[]
  readonly actions: readonly Action[]
}[] = [
  {
    name: "a conversation stays for up to half a second of waiting, and no longer",
    endpoints: [{ requestsPerMinute: 60 }, { requestsPerMinute: 600 }],
    actions: [
      act.admit(),
      act.advance(620),
      act.admit({ pool: [0, 1], affinity: 0 }),
      act.advance(520),
      act.admit({ pool: [0, 1], affinity: 0 }),
    ],
  },
  {
    name: "many refusals in one round cut the rate to a quarter",
    endpoints: [{}],
    actions: [...times(40, act.admit()), ...refusals(36), { kind: "look" }],
  },
  {
    name: "reservations lapse five seconds after their time",
    endpoints: [{ concurrency: 1 }],
    actions: [
      ...times(2, act.admit()),
      ...times(4, act.advance(600), act.admit({ waiting: 0 })),
      act.settle(),
      act.admit(),
      act.advance(5_200),
      act.admit(),
      act.advance(400),
      act.admit(),
    ],
  },
  {
    name: "bookings that many come late for",
    endpoints: [{ requestsPerMinute: 600 }],
    actions: [
      ...times(23, act.admit()),
      ...times(60, act.admit({ waiting: 0 })),
      act.advance(6_500),
      ...times(40, act.admit({ waiting: 0 })),
      act.advance(1_400),
      ...times(40, act.admit({ waiting: 0 })),
      act.advance(70_000),
      ...times(10, act.admit({ waiting: 0 })),
    ],
  },
  {
    name: "pauses double up to half a minute",
    endpoints: [{ requestsPerMinute: 6_000 }],
    actions: times(
      7,
      act.admit(),
      act.settle({ outcome: "ignore", throttled: true, reported: nothingLeft }),
      { kind: "look" },
      act.advance(31_000),
    ),
  },
  {
    name: "a credential is left alone for up to ten minutes",
    endpoints: [{}],
    actions: [30, 60, 120, 240, 480, 600, 600].flatMap((seconds) => [
      act.admit(),
      act.settle({ outcome: "ignore", disable: "quota" }),
      { kind: "look" } as const,
      act.advance(seconds * 1_000),
    ]),
  },
  {
    name: "a question asked again within five seconds, and later",
    endpoints: [{ requestsPerMinute: 600 }, { requestsPerMinute: 600 }],
    actions: [
      act.admit({ pool: [0, 1] }),
      act.advance(4_500),
      act.repeat(0),
      act.advance(499),
      act.repeat(0),
      act.advance(1),
      act.repeat(0),
      { kind: "look" },
      act.advance(61_000),
      act.repeat(0),
    ],
  },
  {
    name: "a slow endpoint is given another chance as time passes",
    endpoints: [{}, {}],
    actions: [
      act.admit(),
      act.settle({ latencyMs: 9_000 }),
      ...[29_000, 1_000, 30_000, 30_000, 30_000].flatMap((ms) => [
        act.advance(ms),
        act.admit({ pool: [1] }),
        act.settle({ latencyMs: 1_000 }),
        act.admit({ pool: [1], leaseMs: 100 }),
        act.admit({ pool: [0, 1], leaseMs: 100 }),
      ]),
    ],
  },
  {
    name: "a short wait does not matter, a longer one does",
    endpoints: [{ requestsPerMinute: 640 }, {}],
    actions: [
      act.admit(),
      act.settle({ outcome: "ignore" }),
      act.admit({ pool: [1] }),
      act.admit({ pool: [0, 1] }),
      act.settle({ outcome: "ignore" }),
      act.admit({ pool: [0, 1] }),
    ],
  },
  {
    name: "a fifth of the calls may be repeated",
    endpoints: [{}],
    actions: [
      ...times(23, act.admit()),
      ...times(12, act.admit({ isRetry: true })),
      act.advance(6_000),
      ...times(2, act.admit({ isRetry: true })),
    ],
  },
  {
    name: "slow probes open the breaker again",
    endpoints: [{ breaker: { ...rules, slowCallRate: 0.5 } }],
    actions: [
      ...times(3, act.admit(), act.settle({ outcome: "failure" })),
      act.advance(15_000),
      ...times(2, act.admit()),
      act.settle({ latencyMs: 20_000 }),
      act.settle({ call: 1 }),
      { kind: "look" },
    ],
  },
  {
    name: "the last endpoint of a pool stays in use for as long as it answers somebody",
    endpoints: [{}, {}],
    actions: [
      ...times(3, act.admit({ pool: [0, 1], affinity: 0 }), act.settle({ outcome: "failure" })),
      act.admit({ pool: [0, 1] }),
      act.settle(),
      ...times(30, act.advance(240), act.admit({ pool: [0, 1] }), act.settle({ outcome: "failure" })),
      { kind: "look" },
    ],
  },
  {
    name: "a learned rate grows back to the known limit",
    endpoints: [{ requestsPerMinute: 6_000 }],
    actions: [
      ...times(40, act.admit()),
      ...refusals(12),
      { kind: "look" },
      ...times(400, act.admit(), act.settle(), act.advance(11)),
      { kind: "look" },
    ],
  },
  {
    name: "a cut that does not help is taken back, and what is refused is noise until it is forgotten",
    endpoints: [{}],
    actions: [
      ...times(80, act.admit()),
      ...refusals(12),
      act.settle({ call: 70 }),
      { kind: "look" },
      ...times(90, ...times(9, act.admit(), act.settle(), act.advance(40)), act.admit(), refused, act.advance(400)),
      { kind: "look" },
      act.advance(300_000),
      ...times(6, ...times(5, act.admit(), act.settle(), act.advance(40)), ...times(3, act.admit(), refused), act.advance(400), {
        kind: "look",
      }),
    ],
  },
  {
    name: "a cut that helps stands, and the next one takes three refusals",
    endpoints: [{}],
    actions: [
      ...times(30, act.admit()),
      ...refusals(14),
      act.settle({ call: 20 }),
      act.advance(5_000),
      ...times(250, act.admit(), act.settle(), act.advance(40)),
      { kind: "look" },
      ...times(5, act.admit(), refused, act.advance(60), { kind: "look" }),
      ...times(3, act.admit(), act.settle(), act.admit(), refused, act.advance(3_000), { kind: "look" }),
    ],
  },
]

describe("admission in Redis answers as the model does", () => {
  test("whatever happens", async () => {
    const { redis } = await connectToSharedRedis()
    const play = (endpoints: Endpoints, actions: readonly Action[]) => playActions(redis, endpoints, actions)
    await fc.assert(fc.asyncProperty(arbitraryEndpoints, arbitraryActions, play), { numRuns: 200 })
  })

  test.each(seldom)("$name", async ({ endpoints, actions }) => {
    const { redis } = await connectToSharedRedis()
    const [first, ...others] = endpoints.map((endpoint, index) => sampleEndpoint({ name: `endpoint-${index}`, ...endpoint }))
    if (first) await playActions(redis, [first, ...others], actions)
  })
})
