import { type AdmitOutcome, QueueUnavailableError } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { always, catalogOf, createHarness, inOrder } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"
import type { Scripted } from "../testing/scripted-provider.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)
const onlyA = catalogOf({ endpoints: { a: {} } })
const busy: AdmitOutcome = { kind: "refused", reason: "rate_limited", endpoint: "a", retryInMs: 7_000, unavailableSinceMs: null }
const broken = (sinceMs: number): AdmitOutcome => ({
  kind: "refused",
  reason: "breaker_open",
  endpoint: "a",
  retryInMs: 15_000,
  unavailableSinceMs: later(sinceMs).getTime(),
})

describe("a refusal", () => {
  test("hands the job back until its own time, with the reason, and makes no attempt", async () => {
    const admission = openAdmission({ answer: () => busy })
    const { executeOnce, found, provider } = await createHarness({ script: always({ text: "hi" }), admission })
    expect(await executeOnce()).toEqual({ kind: "again", at: later(7_000) })
    expect(await found()).toMatchObject({
      status: "queued",
      attemptCount: 0,
      waiting: { reason: "rate_limited", endpoint: "a", since: t0, until: later(7_000), refusals: 1 },
    })
    expect(provider.calls).toHaveLength(0)
  })

  test("goes on where the last one stopped: since when it waits, and how often it was refused", async () => {
    const admission = openAdmission({ answer: () => busy })
    const { executeOnce, advanceTo, found } = await createHarness({ script: always({ text: "hi" }), admission })
    await executeOnce()
    advanceTo(later(7_000))
    await executeOnce()
    expect(admission.admitted.map(({ refusals }) => refusals)).toEqual([0, 1])
    expect(await found()).toMatchObject({ waiting: { since: t0, refusals: 2 } })
  })

  test("never lasts beyond the deadline, and the expiry tells what the job waited for", async () => {
    const admission = openAdmission({ answer: () => ({ ...busy, retryInMs: 999_999_999 }) })
    const { executeToEnd, job } = await createHarness({ script: always({ text: "hi" }), admission })
    const error = { type: "deadline_exceeded", message: "Waited 86400 s: a rate_limited.", endpoint: "a" }
    expect(await executeToEnd()).toMatchObject({ status: "expired", error, finishedAt: job.deadline })
  })

  test("while Redis is away the job waits, and nobody is called", async () => {
    const failures: unknown[] = []
    const admission = openAdmission()
    admission.admit = () => Promise.reject(new QueueUnavailableError({ message: "down" }))
    const observer = { admissionFailed: (error: unknown) => failures.push(error) }
    const { executeOnce, provider } = await createHarness({ script: always({ text: "hi" }), admission, observer })
    expect(await executeOnce()).toEqual({ kind: "again", at: later(1_000) })
    expect(provider.calls).toHaveLength(0)
    expect(failures).toHaveLength(1)
  })
})

describe("a booking", () => {
  test("brings the job back at its time, under the same lease", async () => {
    const booked: AdmitOutcome = { kind: "booked", endpoint: "a", startInMs: 4_000 }
    const admission = openAdmission({ answer: (_request, index) => (index === 0 ? booked : null) })
    const { executeToEnd, executeOnce } = await createHarness({ script: always({ text: "hi" }), admission })
    expect(await executeOnce()).toEqual({ kind: "again", at: later(4_000) })
    expect(await executeToEnd()).toMatchObject({ status: "succeeded" })
    const leases = admission.admitted.map(({ lease }) => lease)
    expect(leases[0]).toBe(leases[1])
    expect(admission.settled.map(({ lease }) => lease)).toEqual([leases[0]])
  })

  test("an interrupted wait for the start gives the place back", async () => {
    const released: string[] = []
    const admission = openAdmission({
      answer: () => ({ kind: "admitted", endpoint: "a", startInMs: 60_000, generation: "0", isProbe: false }),
    })
    admission.release = ({ lease }) => Promise.resolve(void released.push(lease))
    const { executeOnce, found } = await createHarness({ script: always({ text: "hi" }), admission })
    const controller = new AbortController()
    const execution = executeOnce(controller.signal)
    controller.abort()
    expect(await execution).toEqual({ kind: "again", at: null })
    expect(released).toEqual(admission.admitted.map(({ lease }) => lease))
    expect(await found()).toMatchObject({ status: "queued", attemptCount: 0 })
  })
})

describe("what admission is told", () => {
  test("the whole pool at first, then what is left of it, as a retry", async () => {
    const admission = openAdmission()
    const { executeOnce } = await createHarness({ script: inOrder({ error: "overloaded" }, { text: "hi" }), admission })
    await executeOnce()
    expect(admission.admitted.map(({ endpoints, isRetry }) => [endpoints.map(({ name }) => name), isRetry])).toEqual([
      [["a", "b"], false],
      [["b"], true],
    ])
  })

  test.each([
    [{ text: "hi" }, { outcome: "success", tokensUsed: 1_500, throttled: false, disable: null }],
    [{ error: "overloaded" }, { outcome: "failure", tokensUsed: null, throttled: false, disable: null }],
    [
      { error: "rate_limited", retryAfterMs: 9_000 },
      { outcome: "ignore", throttled: true, retryAfterMs: 9_000 },
    ],
    [{ error: "invalid_input" }, { outcome: "ignore", throttled: false, disable: null }],
    [{ error: "provider_auth" }, { outcome: "ignore", disable: "credential" }],
    [{ error: "provider_quota" }, { outcome: "ignore", disable: "quota" }],
  ] as const)("%j is settled as %j", async (scripted: Scripted, expected) => {
    const admission = openAdmission()
    const { executeOnce } = await createHarness({ script: always(scripted), admission, catalog: onlyA })
    await executeOnce()
    expect(admission.settled).toMatchObject([{ ...expected, endpoint: { name: "a" }, generation: "0" }])
  })

  test("nothing of limits where they are switched off", async () => {
    const admission = openAdmission()
    const catalog = catalogOf({ endpoints: { a: { limits: "off", breaker: "off" } } })
    const { executeOnce } = await createHarness({ script: always({ error: "rate_limited", retryAfterMs: 9_000 }), admission, catalog })
    await executeOnce()
    expect(admission.settled).toMatchObject([{ throttled: false, retryAfterMs: null, reported: null }])
    expect(admission.admitted[0]?.endpoints[0]).toMatchObject({ requestsPerMinute: null, concurrency: null, breaker: null })
  })

  test("a conversation keeps to one endpoint", async () => {
    const preferred = async (affinityKey: string) => {
      const admission = openAdmission()
      const plain = await createHarness({ script: always({ text: "hi" }) })
      const { executeOnce } = await createHarness({
        script: always({ text: "hi" }),
        admission,
        job: { options: { ...plain.job.options, affinityKey } },
      })
      await executeOnce()
      return admission.admitted[0]?.affinity
    }
    const keys = Array.from({ length: 20 }, (_, index) => `conversation ${index}`)
    const first = await Promise.all(keys.map(preferred))
    expect(await Promise.all(keys.map(preferred))).toEqual(first)
    expect(new Set(first)).toEqual(new Set(["a", "b"]))
  })
})

describe("charging", () => {
  test("failures of an endpoint that is unwell use up no retries: the job waits until it is back", async () => {
    const failures = Array.from({ length: 12 }, (): Scripted => ({ error: "overloaded" }))
    const admission = openAdmission({ settle: ({ outcome }) => ({ healthy: outcome === "success" }) })
    const script = inOrder({ error: "overloaded" }, ...failures, { text: "hi" })
    const { executeToEnd } = await createHarness({ script, admission, catalog: onlyA })
    const ended = await executeToEnd()
    expect(ended).toMatchObject({ status: "succeeded", attemptCount: 14 })
    expect(ended.attempts.some(({ charged }) => charged)).toBe(false)
  })
})

describe("degrading", () => {
  const route = {
    degradeAfterMs: 30_000,
    tiers: [
      { name: "primary", endpoints: ["a"] },
      { name: "fallback", endpoints: ["b"] },
    ],
  }
  const catalog = catalogOf({ route })
  const whenAskedFor = (name: string, outcome: (index: number) => AdmitOutcome) =>
    openAdmission({ answer: ({ endpoints }, index) => (endpoints[0]?.name === name ? outcome(index) : null) })

  test("waits for the primary tier until the clock says otherwise, then says what was wrong with it", async () => {
    const admission = whenAskedFor("a", () => broken(-12_000))
    const { executeOnce, executeToEnd, found } = await createHarness({ script: always({ text: "hi" }), admission, catalog })
    expect(await executeOnce()).toEqual({ kind: "again", at: later(15_000) })
    expect(await found()).toMatchObject({ waiting: { reason: "breaker_open", endpoint: "a" } })
    expect(await executeToEnd()).toMatchObject({
      status: "succeeded",
      finishedAt: later(30_000),
      result: {
        provenance: {
          served: { tier: "fallback", endpoint: "b" },
          quality: "reduced",
          degraded: true,
          degradedReason: "a breaker_open for 42 s",
        },
      },
    })
  })

  test("the outage counts from its beginning, not from the job's, when the job is older", async () => {
    const admission = whenAskedFor("a", () => broken(-12_000))
    const { executeOnce, advanceTo } = await createHarness({ script: always({ text: "hi" }), admission, catalog })
    advanceTo(later(25_000))
    expect(await executeOnce()).toEqual({ kind: "again", at: later(30_000) })
  })

  test("being busy never degrades a job", async () => {
    const admission = whenAskedFor("a", () => busy)
    const { executeToEnd } = await createHarness({ script: always({ text: "hi" }), admission, catalog, job: { deadline: later(300_000) } })
    expect(await executeToEnd()).toMatchObject({ status: "expired" })
  })

  test("unless the route says so", async () => {
    const saturable = catalogOf({ route: { ...route, degradeOnSaturation: true } })
    const admission = whenAskedFor("a", () => busy)
    const { executeToEnd } = await createHarness({ script: always({ text: "hi" }), admission, catalog: saturable })
    const ended = await executeToEnd()
    expect(ended).toMatchObject({ status: "succeeded", result: { provenance: { served: { tier: "fallback" } } } })
    expect(ended.status === "succeeded" && ended.finishedAt).toEqual(later(30_000))
  })

  test("a caller that forbids it waits until the deadline", async () => {
    const admission = whenAskedFor("a", () => broken(0))
    const plain = await createHarness({ script: always({ text: "hi" }) })
    const job = { options: { ...plain.job.options, fallback: "none" as const }, deadline: later(300_000) }
    const { executeToEnd } = await createHarness({ script: always({ text: "hi" }), admission, catalog, job })
    expect(await executeToEnd()).toMatchObject({ status: "expired", error: { message: "Waited 300 s: a breaker_open." } })
  })

  test("a tier whose retries are used up is passed", async () => {
    const script = ({ endpoint }: { endpoint: { name: string } }): Scripted =>
      endpoint.name === "a" ? { error: "timeout" } : { text: "hi" }
    const { executeToEnd } = await createHarness({ script, catalog })
    const ended = await executeToEnd()
    expect(ended).toMatchObject({ status: "succeeded", result: { provenance: { served: { tier: "fallback" } } }, attemptCount: 6 })
  })
})
