import { setTimeout } from "node:timers/promises"
import type { AdmitOutcome, Attempt, Job, ProviderErrorType, QueuedJob, Work } from "@sluice/core"
import fc from "fast-check"
import { describe, expect, test, vi } from "vitest"
import { type EmbeddingScript, embeddingProvider, textsOf, vectorsOf } from "../testing/embedding-provider.ts"
import { catalogOf, createHarness, type HarnessOptions } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"

const kind = "embedding"
const price = { inputPerMillionUsd: 2, perCallUsd: 0.01 }
const untilFull = { lingerMs: 60_000, maxWaitMs: 60_000 }

interface SetUp extends Omit<HarnessOptions, "script" | "provider">, EmbeddingScript {
  /** A call goes out as soon as it has so many texts. */
  readonly maxTexts?: number
  readonly endpoint?: object
  readonly route?: object
}

async function setUp({ maxTexts = 3, endpoint, route, failure, vectors, inputTokens, ...options }: SetUp = {}) {
  const script = { ...(failure && { failure }), ...(vectors && { vectors }), ...(inputTokens && { inputTokens }) }
  const catalog = catalogOf({ endpoints: { a: { price, batching: { maxTexts }, ...endpoint } }, route: { kind, ...route } })
  const provider = embeddingProvider(script)
  const sent: unknown[] = []
  const told: string[] = []
  const observer = {
    batchSent: (batch: unknown) => void sent.push(batch),
    attemptEnded: ({ job, attempt }: { job: Job; attempt: Attempt }) => void told.push(`${job.id} ${attempt.outcome}`),
  }
  const harness = await createHarness({ catalog, provider, batchTiming: untilFull, observer, ...options })
  const embed = (texts: string[], { signal, ...overrides }: Partial<QueuedJob> & { signal?: AbortSignal } = {}) =>
    harness.executeAnother({ work: { kind, input: { texts } }, ...overrides }, signal)
  const called = (count: number) => vi.waitFor(() => expect(provider.calls).toHaveLength(count))
  return { ...harness, embed, called, sent, told, asked: () => provider.calls.map(textsOf) }
}

function outputOf(job: Job | null): unknown {
  return job?.status === "succeeded" && job.result.output.at === "job" ? job.result.output.value : null
}

const lastAttempt = (job: Job | null): Attempt | undefined => job?.attempts.at(-1)

describe("embedding jobs that wait together", () => {
  test("go out as one call, and each gets its own vectors", async () => {
    const { embed, asked, sent } = await setUp({ maxTexts: 4 })
    const jobs = await Promise.all([embed(["one"]), embed(["two!", "three"]), embed(["sixsix"])])
    expect(asked()).toEqual([["one", "two!", "three", "sixsix"]])
    expect(jobs.map(outputOf)).toEqual(
      [["one"], ["two!", "three"], ["sixsix"]].map((texts) => ({ embeddings: vectorsOf(texts), dimensions: 2 })),
    )
    expect(sent).toEqual([{ route: "chat", endpoint: "a", jobs: 3, texts: 4, waitMs: 0 }])
    const batchCallId = lastAttempt(jobs[0] ?? null)?.batchCallId
    expect(batchCallId).toMatch(/^bcall_/)
    for (const job of jobs)
      expect(lastAttempt(job)).toMatchObject({ batchCallId, number: 1, outcome: "succeeded", providerRequestId: "r-1" })
  })

  test("are admitted as one request with the sum of their tokens, and settled once", async () => {
    const admission = openAdmission()
    const { embed } = await setUp({ admission })
    await Promise.all([embed(["a".repeat(40)]), embed(["b".repeat(400)]), embed(["c".repeat(4_000)])])
    expect(admission.admitted).toMatchObject([{ tokens: 1_110 }])
    expect(admission.settled).toMatchObject([
      { lease: admission.admitted[0]?.lease, outcome: "success", tokensReserved: 1_110, tokensUsed: 21 },
    ])
  })

  test("share its usage and cost so that they add up", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 0, max: 10_000 }), async (lengths, inputTokens) => {
        const { embed } = await setUp({ maxTexts: lengths.length, inputTokens: () => inputTokens })
        const jobs = await Promise.all(lengths.map((length) => embed(["x".repeat(length)])))
        const attempts = jobs.flatMap((job) => lastAttempt(job) ?? [])
        const sum = (value: (attempt: Attempt) => number) => attempts.reduce((all, attempt) => all + value(attempt), 0)
        expect(sum(({ usage }) => usage?.inputTokens ?? Number.NaN)).toBe(inputTokens)
        expect(sum(({ costUsd }) => costUsd ?? Number.NaN)).toBeCloseTo(0.01 + (inputTokens * 2) / 1e6, 10)
      }),
      { numRuns: 30 },
    )
  })

  const dimensions = 2
  const apart: [string, Partial<QueuedJob>][] = [
    ["of another tenant", { tenantId: "acme" }],
    ["of other dimensions", { work: { kind, input: { texts: ["x"], dimensions } } }],
    ["of other options", { work: { kind, input: { texts: ["x"], providerOptions: { openai: { user: "u" } } } } }],
  ]
  test.each(apart)("do not travel with those %s", async (_what, overrides) => {
    const { embed, asked } = await setUp({ batchTiming: { lingerMs: 5, maxWaitMs: 5 } })
    await Promise.all([embed(["one"]), embed(["x"], overrides)])
    expect(asked().toSorted()).toEqual([["one"], ["x"]])
  })

  test.each([
    ["route", { route: { batching: "off" } }],
    ["endpoint", { endpoint: { batching: "off" } }],
  ])("have calls of their own where the %s says so", async (_what, off) => {
    const admission = openAdmission()
    const { embed, asked, sent } = await setUp({ ...off, admission })
    const jobs = await Promise.all([embed(["one"]), embed(["two"]), embed(["three"])])
    expect(asked()).toHaveLength(3)
    expect(sent).toEqual([])
    for (const job of jobs) expect(lastAttempt(job)).toMatchObject({ batchCallId: null, outcome: "succeeded" })
  })

  test("a job that is alone is called for after a moment, as itself", async () => {
    const { embed, provider } = await setUp({ batchTiming: { lingerMs: 1, maxWaitMs: 1 } })
    const job = await embed(["one"])
    expect(lastAttempt(job)).toMatchObject({ batchCallId: null, outcome: "succeeded", costUsd: 0.01 + 14 / 1e6 })
    expect(provider.calls[0]?.idempotencyKey).toBe(`${job?.id}-1-1`)
  })
})

describe("a refusal of a shared call's input", () => {
  test("fails the job whose input it is, alone, and serves the others", async () => {
    const admission = openAdmission()
    const failure: EmbeddingScript["failure"] = ({ texts }) => (texts.includes("bad") ? "invalid_input" : null)
    const { embed, asked } = await setUp({ maxTexts: 8, failure, admission })
    const texts = ["a", "b", "c", "d", "e", "bad", "g", "h"]
    const jobs = await Promise.all(texts.map((text) => embed([text])))
    expect(jobs.map((job) => job?.status)).toEqual(texts.map((text) => (text === "bad" ? "failed" : "succeeded")))
    expect(jobs.map(outputOf).filter(Boolean)).toEqual(
      texts.filter((text) => text !== "bad").map((text) => ({ embeddings: vectorsOf([text]), dimensions: 2 })),
    )
    expect(jobs[5]).toMatchObject({ error: { type: "invalid_input", endpoint: "a" }, attemptCount: 4 })
    expect(lastAttempt(jobs[5] ?? null)).toMatchObject({ batchCallId: null, errorType: "invalid_input" })
    expect(asked()).toHaveLength(7)
    expect(new Set(admission.admitted.map(({ lease }) => lease)).size).toBe(7)
    expect(admission.admitted.every(({ isRetry }) => !isRetry)).toBe(true)
  })

  test("is not held against the others, should they be handed back in the middle of it", async () => {
    const later: AdmitOutcome = { kind: "refused", reason: "rate_limited", endpoint: "a", retryInMs: 0, unavailableSinceMs: null }
    const admission = openAdmission({ answer: (_request, index) => (index === 1 || index === 2 ? later : null) })
    const failure: EmbeddingScript["failure"] = ({ texts }) => (texts.includes("bad") ? "invalid_input" : null)
    const { job, embed, executeToEnd, found } = await setUp({
      maxTexts: 2,
      failure,
      admission,
      job: { work: { kind, input: { texts: ["good"] } } },
    })
    const bad = embed(["bad"])
    const ended = await executeToEnd()
    await bad
    expect(ended).toMatchObject({ id: job.id, status: "succeeded" })
    expect((await found()).attempts).toMatchObject([
      { errorType: "invalid_input", batchCallId: expect.any(String), charged: false },
      { outcome: "succeeded", batchCallId: null },
    ])
  })
})

describe("another failure of a shared call", () => {
  test("is each job's own, with a retry of its own", async () => {
    const { embed } = await setUp({ failure: () => "overloaded" })
    const jobs = await Promise.all([embed(["one"]), embed(["two"]), embed(["three"])])
    const batchCallId = expect.stringMatching(/^bcall_/)
    for (const job of jobs) {
      expect(job).toMatchObject({ status: "queued", waiting: { reason: "retry_backoff" } })
      expect(lastAttempt(job)).toMatchObject({ errorType: "overloaded", charged: true, number: 1, batchCallId })
    }
  })

  test.each([
    ["too few vectors", (texts: readonly string[]) => vectorsOf(texts.slice(1))],
    [
      "vectors that differ in length",
      (texts: readonly string[]) => texts.map((_text, index) => Array.from({ length: index + 1 }, () => 1)),
    ],
  ])("%s are no answer to anybody, and the jobs go alone from then on", async (_what, vectors) => {
    const oddlyTogether = (texts: readonly string[]) => (texts.length > 1 ? vectors(texts) : vectorsOf(texts))
    const work: Work = { kind, input: { texts: ["one"] } }
    const { embed, executeToEnd } = await setUp({ maxTexts: 2, vectors: oddlyTogether, job: { work } })
    const other = embed(["two"])
    expect(await executeToEnd()).toMatchObject({
      status: "succeeded",
      attempts: [
        { errorType: "malformed_response", batchCallId: expect.any(String) },
        { outcome: "succeeded", batchCallId: null },
      ],
    })
    await other
  })

  test("so are vectors of other dimensions than were asked for", async () => {
    const { embed } = await setUp({ route: { batching: "off" } })
    const job = await embed(["x"], { work: { kind, input: { texts: ["one"], dimensions: 3 } } })
    expect(lastAttempt(job)).toMatchObject({ errorType: "malformed_response" })
  })
})

describe("who leaves", () => {
  /** The first call ends when the test says so. */
  function held() {
    const { promise, resolve } = Promise.withResolvers<null>()
    return { failure: () => promise, release: () => resolve(null) }
  }

  test("a job that is interrupted is handed back at once, and the others are served", async () => {
    const { failure, release } = held()
    const { embed, called, provider } = await setUp({ failure })
    const controller = new AbortController()
    const leaving = embed(["one"], { signal: controller.signal })
    const staying = [embed(["two"]), embed(["three"])]
    await called(1)
    controller.abort()
    expect(await leaving).toMatchObject({ status: "queued", attemptCount: 0 })
    expect(provider.calls[0]?.signal.aborted).toBe(false)
    release()
    const served = await Promise.all(staying)
    expect(served.map(outputOf)).toMatchObject([{ embeddings: vectorsOf(["two"]) }, { embeddings: vectorsOf(["three"]) }])
  })

  test("when all have left the call is ended, and its place given back", async () => {
    const admission = openAdmission()
    const { embed, called, provider } = await setUp({ ...held(), admission })
    const controller = new AbortController()
    const leaving = ["one", "two", "three"].map((text) => embed([text], { signal: controller.signal }))
    await called(1)
    controller.abort()
    for (const job of await Promise.all(leaving)) expect(job).toMatchObject({ status: "queued", attemptCount: 0 })
    expect(provider.calls[0]?.signal.aborted).toBe(true)
    await vi.waitFor(() => expect(admission.settled).toMatchObject([{ outcome: "ignore" }]))
  })

  test("who left before the call does not travel with it", async () => {
    const { embed, asked } = await setUp({ maxTexts: 3 })
    const controller = new AbortController()
    const leaving = embed(["one"], { signal: controller.signal })
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    await leaving
    await Promise.all([embed(["two"]), embed(["three"])])
    expect(asked()).toEqual([["two", "three"]])
  })

  test("a job whose time is over expires, and the others are served", async () => {
    const { failure, release } = held()
    const harness = await setUp({ failure })
    const { embed, called, advanceTo, job, told } = harness
    const soon = new Date(job.createdAt.getTime() + 30)
    const late = embed(["one"], { deadline: soon })
    const staying = [embed(["two"]), embed(["three"])]
    await called(1)
    advanceTo(soon)
    expect(await late).toMatchObject({ status: "expired", attempts: [{ outcome: "cancelled", batchCallId: expect.any(String) }] })
    release()
    for (const served of await Promise.all(staying)) expect(served).toMatchObject({ status: "succeeded" })
    expect(told.map((line) => line.split(" ")[1])).toEqual(["cancelled", "succeeded", "succeeded"])
  })
})

interface Fate {
  readonly text: string
  readonly isBad: boolean
  /** It is interrupted in its first execution, after so many milliseconds. */
  readonly leavesAfterMs: number | null
}

const fate: fc.Arbitrary<Fate> = fc.record({
  text: fc.string({ minLength: 1, maxLength: 20 }),
  isBad: fc.boolean(),
  leavesAfterMs: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 3 }),
})

interface Scenario {
  readonly fates: readonly Fate[]
  readonly failures: readonly (ProviderErrorType | null)[]
  readonly refusedCalls: readonly boolean[]
  readonly maxTexts: number
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  fates: fc.array(fate, { minLength: 1, maxLength: 12 }),
  failures: fc.array(fc.constantFrom(null, null, "overloaded", "rate_limited", "malformed_response"), { maxLength: 5 }),
  refusedCalls: fc.array(fc.boolean(), { maxLength: 5 }),
  maxTexts: fc.integer({ min: 1, max: 6 }),
})

/** Lets the jobs run until all have ended; an hour passes between two rounds. */
async function playScenario({ fates, failures, refusedCalls, maxTexts }: Scenario) {
  const bad = new Set(fates.filter(({ isBad }) => isBad).map(({ text }) => text))
  const busy: AdmitOutcome = { kind: "refused", reason: "concurrency", endpoint: "a", retryInMs: 10, unavailableSinceMs: null }
  const failure: EmbeddingScript["failure"] = async ({ texts }, index) => {
    await setTimeout(1)
    return failures[index] ?? (texts.some((text) => bad.has(text)) ? "invalid_input" : null)
  }
  const admission = openAdmission({ answer: (_request, index) => (refusedCalls[index] ? busy : null) })
  const harness = await setUp({ maxTexts, failure, admission, batchTiming: { lingerMs: 1, maxWaitMs: 2 } })
  const runs = fates.map(({ text, leavesAfterMs }) =>
    harness.embed([text], leavesAfterMs === null ? {} : { signal: AbortSignal.timeout(leavesAfterMs) }),
  )
  let jobs = await Promise.all(runs)
  for (let hours = 1; jobs.some((job) => job?.status === "queued"); hours += 1) {
    harness.advanceTo(new Date(harness.job.createdAt.getTime() + hours * 3_600_000))
    jobs = await Promise.all(jobs.map((job) => (job?.status === "queued" ? harness.executeAgain(job) : job)))
  }
  return { jobs, bad, admission, calls: harness.provider.calls }
}

test("whoever leaves, fails or is refused, each job ends as it would have alone", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (played) => {
      const { jobs, bad, admission, calls } = await playScenario(played)
      for (const [index, job] of jobs.entries()) {
        const text = played.fates[index]?.text ?? ""
        if (bad.has(text)) expect(job).toMatchObject({ status: "failed", error: { type: "invalid_input" } })
        else expect(outputOf(job)).toEqual({ embeddings: vectorsOf([text]), dimensions: 2 })
        expect(job?.attempts.map(({ number }) => number)).toEqual(job?.attempts.map((_attempt, place) => place + 1))
      }
      expect(admission.settled).toHaveLength(calls.length)
      expect(Math.max(...calls.map((call) => textsOf(call).length))).toBeLessThanOrEqual(played.maxTexts)
    }),
    { numRuns: 60 },
  )
})

describe("a shared call that is not admitted", () => {
  const busy: AdmitOutcome = { kind: "refused", reason: "rate_limited", endpoint: "a", retryInMs: 7_000, unavailableSinceMs: null }

  test("hands every job back until the same time, without an attempt", async () => {
    const { embed } = await setUp({ admission: openAdmission({ answer: () => busy }) })
    for (const job of await Promise.all([embed(["one"]), embed(["two"]), embed(["three"])])) {
      expect(job).toMatchObject({ status: "queued", attemptCount: 0, waiting: { reason: "rate_limited", refusals: 1 } })
    }
  })

  test("comes back under the lease that was booked and with its tokens, whoever joins it", async () => {
    const booked: AdmitOutcome = { kind: "booked", endpoint: "a", startInMs: 4_000 }
    const admission = openAdmission({ answer: (_request, index) => (index === 0 ? booked : null) })
    const work: Work = { kind, input: { texts: ["x".repeat(400)] } }
    const { job, embed, executeOnce, advanceTo } = await setUp({ maxTexts: 2, admission, job: { id: "job_5", work } })
    await Promise.all([executeOnce(), embed(["y".repeat(40)], { id: "job_9" })])
    advanceTo(new Date(job.createdAt.getTime() + 4_000))
    await Promise.all([embed(["z".repeat(4_000)], { id: "job_1" }), executeOnce()])
    expect(admission.admitted.map(({ lease }) => lease)).toEqual([`${job.id}-1-1`, `${job.id}-1-1`])
    expect(admission.admitted.map(({ tokens }) => tokens)).toEqual([110, 110])
    expect(admission.settled).toMatchObject([{ tokensReserved: 110 }])
  })

  test("fails every job's execution when admission breaks", async () => {
    const admission = openAdmission()
    admission.admit = () => Promise.reject(new Error("broken"))
    const { embed } = await setUp({ admission })
    const runs = await Promise.allSettled([embed(["one"]), embed(["two"]), embed(["three"])])
    expect(runs.map((run) => run.status === "rejected" && String(run.reason))).toEqual(Array(3).fill("Error: broken"))
  })
})
