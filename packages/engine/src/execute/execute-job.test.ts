import { maxRescues, providerErrorTypes, StorageUnavailableError, traitsOf } from "@sluice/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { always, catalogOf, createHarness, inOrder } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"
import type { Scripted } from "../testing/scripted-provider.ts"

const onlyA = catalogOf({ endpoints: { a: {} } })

describe("an execution that succeeds", () => {
  test("writes the result with its provenance, cost and attempt", async () => {
    const price = { inputPerMillionUsd: 1, cachedInputPerMillionUsd: 0.5, outputPerMillionUsd: 4 }
    const catalog = catalogOf({ endpoints: { a: { region: "eu", price } } })
    const { executeToEnd } = await createHarness({ script: always({ text: "hi" }), catalog })
    expect(await executeToEnd()).toMatchObject({
      status: "succeeded",
      attemptCount: 1,
      attempts: [{ number: 1, run: 1, tier: "primary", endpoint: "a", outcome: "succeeded", httpStatus: 200, providerRequestId: "r-1" }],
      result: {
        output: { at: "job", value: { text: "hi", finishReason: "stop" } },
        provenance: {
          requested: { tier: "primary", model: "m" },
          served: { tier: "primary", endpoint: "a", provider: "openai", model: "m-2026", region: "eu" },
          quality: "full",
          degraded: false,
        },
        usage: { inputTokens: 1_000, outputTokens: 500 },
        cost: { usd: (800 * 1 + 200 * 0.5 + 500 * 4) / 1e6, failedAttemptsUsd: 0, estimated: false },
      },
    })
  })

  test("tells whoever waits, and the observer", async () => {
    const ended: string[] = []
    const observer = { jobEnded: ({ ending }: { ending: { status: string } }) => ended.push(ending.status) }
    const { executeToEnd, signals, job } = await createHarness({ script: always({ text: "hi" }), observer })
    const heard: string[] = []
    signals.onFinished(({ id }) => heard.push(id))
    await executeToEnd()
    expect(heard).toEqual([job.id])
    expect(ended).toEqual(["succeeded"])
  })

  test("keeps a large output beside the job", async () => {
    const text = "é".repeat(600_000)
    const { executeToEnd, blobs, job } = await createHarness({ script: always({ text }) })
    const ended = await executeToEnd()
    const output = ended.status === "succeeded" ? ended.result.output : null
    expect(output).toMatchObject({ at: "blob", contentType: "application/json" })
    const blob = output?.at === "blob" ? await blobs.get({ id: output.blobId, tenantId: job.tenantId }) : null
    expect(JSON.parse(Buffer.from(blob?.bytes ?? []).toString())).toMatchObject({ text })
  })
})

describe("an execution of a job that waited", () => {
  test("writes down with what it decides what the job waited for, and until when", async () => {
    const script = inOrder({ error: "overloaded" }, { error: "overloaded" }, { text: "hi" })
    const { executeToEnd, job } = await createHarness({ script, catalog: onlyA })
    const ended = await executeToEnd()
    const [first, second, third] = ended.attempts.map(({ startedAt }) => startedAt)
    expect(ended).toMatchObject({ status: "succeeded", attemptCount: 3 })
    expect(ended.waits).toEqual([
      { run: 1, reason: "retry_backoff", endpoint: "a", from: first, to: second },
      { run: 1, reason: "retry_backoff", endpoint: "a", from: second, to: third },
    ])
    expect(first).toEqual(job.createdAt)
  })

  test("writes down nothing while the job is refused for the same reason again and again, and then one wait", async () => {
    let refusals = 3
    const refused = { kind: "refused", reason: "rate_limited", endpoint: "a", retryInMs: 1_000, unavailableSinceMs: null } as const
    const admission = openAdmission({ answer: () => (refusals-- > 0 ? refused : null) })
    const { executeOnce, executeToEnd, found, job } = await createHarness({ admission, catalog: onlyA })
    await executeOnce()
    expect((await found()).waits).toEqual([])
    const ended = await executeToEnd()
    const to = new Date(job.createdAt.getTime() + 3_000)
    expect(ended.waits).toEqual([{ run: 1, reason: "rate_limited", endpoint: "a", from: job.createdAt, to }])
  })
})

describe("an execution that fails", () => {
  test("fails over at once, and tells both attempts", async () => {
    const { executeOnce, found, provider } = await createHarness({ script: inOrder({ error: "overloaded" }, { text: "hi" }) })
    expect(await executeOnce()).toEqual({ kind: "done" })
    expect(new Set(provider.calls.map(({ endpoint }) => endpoint.name))).toEqual(new Set(["a", "b"]))
    expect(await found()).toMatchObject({
      status: "succeeded",
      attempts: [{ errorType: "overloaded", charged: true }, { outcome: "succeeded" }],
    })
  })

  test("hands the job back with a time and a reason, instead of sleeping", async () => {
    const { executeOnce, found, job } = await createHarness({ script: always({ error: "overloaded" }), catalog: onlyA })
    const due = new Date(job.createdAt.getTime() + 1_500)
    expect(await executeOnce()).toEqual({ kind: "again", at: due })
    expect(await found()).toMatchObject({
      status: "queued",
      notBefore: due,
      waiting: { reason: "retry_backoff", endpoint: "a", until: due },
      attempts: [{ outcome: "failed", errorType: "overloaded", charged: true, delayMs: 1_500 }],
    })
    expect(await executeOnce()).toEqual({ kind: "again", at: due })
    expect((await found()).attemptCount).toBe(1)
  })

  test.each([
    ["overloaded", 5],
    ["timeout", 5],
    ["network", 5],
    ["provider_internal", 5],
    ["malformed_response", 5],
    ["invalid_input", 1],
    ["content_filter", 1],
    ["output_truncated", 1],
  ] as const)("ends a job on %s after %i calls to the only endpoint", async (error, calls) => {
    const { executeToEnd, provider } = await createHarness({ script: always({ error }), catalog: onlyA })
    expect(await executeToEnd()).toMatchObject({ status: "failed", error: { type: error, endpoint: "a" }, attemptCount: calls })
    expect(provider.calls).toHaveLength(calls)
  })

  test("counts retries per class", async () => {
    const mixed = Array.from({ length: 8 }, (_, index): Scripted => ({ error: index % 2 ? "timeout" : "network" }))
    const { executeToEnd } = await createHarness({
      script: inOrder({ error: "timeout" }, ...mixed.slice(0, 7), { text: "hi" }),
      catalog: onlyA,
    })
    expect(await executeToEnd()).toMatchObject({ status: "succeeded", attemptCount: 9 })
  })

  test("never charges a job for a rate limit, and waits as long as the provider says", async () => {
    const limited = Array.from({ length: 50 }, (): Scripted => ({ error: "rate_limited", retryAfterMs: 7_000 }))
    const { executeToEnd, executeOnce, found, job } = await createHarness({
      script: inOrder(limited[0] ?? "hang", ...limited, { text: "hi" }),
      catalog: onlyA,
    })
    const outcome = await executeOnce()
    expect(outcome.kind === "again" && outcome.at && outcome.at.getTime() - job.createdAt.getTime()).toBeGreaterThanOrEqual(7_000)
    expect(await found()).toMatchObject({ waiting: { reason: "rate_limited", endpoint: "a" } })
    expect(await executeToEnd()).toMatchObject({ status: "succeeded" })
  })

  test.each([
    ["provider_auth", "credential"],
    ["provider_quota", "quota"],
  ] as const)("parks a job on %s until its deadline", async (error, reason) => {
    const { executeOnce, executeToEnd, found } = await createHarness({ script: always({ error }), catalog: onlyA })
    await executeOnce()
    expect(await found()).toMatchObject({ status: "queued", waiting: { reason } })
    expect(await executeToEnd()).toMatchObject({ status: "expired", error: { type: "deadline_exceeded", retryable: true, endpoint: "a" } })
  })

  test("does not ask an endpoint again that refused this very input", async () => {
    const script = ({ endpoint }: { endpoint: { name: string } }, index: number): Scripted => {
      if (endpoint.name === "a") return { error: "context_length" }
      return index < 3 ? { error: "overloaded" } : { text: "hi" }
    }
    const { executeToEnd, provider } = await createHarness({ script })
    expect(await executeToEnd()).toMatchObject({ status: "succeeded", result: { provenance: { served: { endpoint: "b" } } } })
    expect(provider.calls.filter(({ endpoint }) => endpoint.name === "a")).toHaveLength(1)
  })

  test("treats a credential that cannot be read as rejected", async () => {
    const catalog = catalogOf({ endpoints: { a: { apiKey: "env:MISSING" } } })
    const resolveCredential = () => Promise.reject(new Error("env:MISSING is not set"))
    const { executeOnce, found } = await createHarness({ script: always({ text: "hi" }), catalog, resolveCredential })
    await executeOnce()
    expect(await found()).toMatchObject({ waiting: { reason: "credential" }, attempts: [{ errorType: "provider_auth" }] })
  })
})

describe("tiers", () => {
  const route = {
    tiers: [
      { name: "primary", endpoints: ["a"] },
      { name: "fallback", endpoints: ["b"] },
    ],
  }
  const catalog = catalogOf({ route })
  const script = ({ endpoint }: { endpoint: { name: string } }): Scripted =>
    endpoint.name === "a" ? { error: "context_length" } : { text: "hi" }

  test("another provider tier serves what the primary one cannot, and the result says so", async () => {
    const { executeToEnd } = await createHarness({ script, catalog })
    expect(await executeToEnd()).toMatchObject({
      status: "succeeded",
      result: {
        provenance: { requested: { tier: "primary" }, served: { tier: "fallback", endpoint: "b" }, quality: "reduced", degraded: true },
      },
    })
  })

  test("not when the caller forbids it", async () => {
    const { executeToEnd, job } = await createHarness({ script, catalog, job: {} })
    const strict = await createHarness({ script, catalog, job: { options: { ...job.options, fallback: "none" } } })
    expect(await strict.executeToEnd()).toMatchObject({ status: "failed", error: { type: "context_length" } })
    expect(await executeToEnd()).toMatchObject({ status: "succeeded" })
  })
})

describe("limits of the job itself", () => {
  test("nobody able to serve it: failed, without a call", async () => {
    const catalog = catalogOf({ endpoints: { a: { contextTokens: 10 } } })
    const work = { kind: "chat", input: { messages: [{ role: "user", content: "x".repeat(400) }] } } as const
    const { executeToEnd, provider } = await createHarness({
      script: always({ text: "hi" }),
      catalog,
      job: { work: structuredClone(work) as never },
    })
    expect(await executeToEnd()).toMatchObject({ status: "failed", error: { type: "no_capable_endpoint" }, attemptCount: 0 })
    expect(provider.calls).toHaveLength(0)
  })

  test("past its deadline: expired, without a call", async () => {
    const { executeOnce, found, advanceTo, job, provider } = await createHarness({ script: always({ text: "hi" }) })
    advanceTo(job.deadline)
    expect(await executeOnce()).toEqual({ kind: "done" })
    expect(await found()).toMatchObject({
      status: "expired",
      error: { type: "deadline_exceeded", message: "Waited 86400 s: no worker took it." },
    })
    expect(provider.calls).toHaveLength(0)
  })

  test("a call gets no more time than the job has left", async () => {
    const created = new Date("2026-01-01T00:00:00Z")
    const { executeOnce, provider } = await createHarness({
      script: always({ text: "hi" }),
      job: { createdAt: created, deadline: new Date(created.getTime() + 5_000) },
    })
    await executeOnce()
    expect(provider.calls[0]?.endpoint.timeoutMs).toBe(5_000)
  })

  test("a call that would exceed maxCostUsd is not made", async () => {
    const catalog = catalogOf({ endpoints: { a: { price: { outputPerMillionUsd: 1_000 } } } })
    const plain = await createHarness({ script: always({ text: "hi" }), catalog })
    const options = { ...plain.job.options, maxCostUsd: 0.5 }
    const { executeToEnd, provider } = await createHarness({ script: always({ text: "hi" }), catalog, job: { options } })
    expect(await executeToEnd()).toMatchObject({ status: "failed", error: { type: "budget_exhausted", endpoint: "a" } })
    expect(provider.calls).toHaveLength(0)
  })

  test("a route that was removed parks the job", async () => {
    const { executeOnce, found } = await createHarness({ script: always({ text: "hi" }), job: { route: "gone" } })
    expect(await executeOnce()).toMatchObject({ kind: "again" })
    expect(await found()).toMatchObject({ status: "queued", waiting: { reason: "route_missing" }, attemptCount: 0 })
  })
})

describe("structured output", () => {
  const schema = { type: "object", required: ["title"], properties: { title: { type: "string" } } }
  const input = { messages: [{ role: "user" as const, content: "x" }], responseFormat: { type: "json_schema" as const, name: "r", schema } }
  const job = { work: { kind: "chat" as const, input } }

  test("is repaired once by who gave it, with what is wrong", async () => {
    const { executeToEnd, provider } = await createHarness({ script: inOrder({ text: '{"title":1}' }, { text: '{"title":"x"}' }), job })
    expect(await executeToEnd()).toMatchObject({
      status: "succeeded",
      attempts: [{ errorType: "schema_mismatch" }, { outcome: "succeeded" }],
      result: { provenance: { schemaValid: true, repairs: 1 } },
    })
    const [first, repair] = provider.calls
    expect(repair?.endpoint.name).toBe(first?.endpoint.name)
    expect(repair?.idempotencyKey).not.toBe(first?.idempotencyKey)
    expect(JSON.stringify(repair?.work.input)).toContain("/title must be string")
  })

  test("goes to another endpoint when the repair is no better", async () => {
    const wrong = { text: '{"title":1}' }
    const { executeToEnd, provider } = await createHarness({ script: inOrder(wrong, wrong, { text: '{"title":"x"}' }), job })
    expect(await executeToEnd()).toMatchObject({
      status: "succeeded",
      attemptCount: 3,
      result: { provenance: { schemaValid: true, repairs: 0 } },
    })
    expect(new Set(provider.calls.map(({ endpoint }) => endpoint.name)).size).toBe(2)
  })

  test("is not repaired where the route forbids it", async () => {
    const catalog = catalogOf({ endpoints: { a: {} }, route: { structuredOutput: { repairs: 0 } } })
    const { executeToEnd } = await createHarness({ script: always({ text: "{}" }), job, catalog })
    expect(await executeToEnd()).toMatchObject({ status: "failed", error: { type: "schema_mismatch" }, attemptCount: 1 })
  })

  test("ends in schema_mismatch when nobody satisfies it, saying what is wrong", async () => {
    const { executeToEnd } = await createHarness({ script: always({ text: "{}" }), job })
    const error = { type: "schema_mismatch", message: expect.stringContaining("must have required property 'title'") }
    expect(await executeToEnd()).toMatchObject({ status: "failed", error, attemptCount: 4 })
  })
})

describe("being interrupted", () => {
  test("hands the job back at once, with no attempt counted", async () => {
    const { executeOnce, found } = await createHarness({ script: always("hang") })
    const controller = new AbortController()
    const execution = executeOnce(controller.signal)
    controller.abort()
    expect(await execution).toEqual({ kind: "again", at: null })
    expect(await found()).toMatchObject({ status: "queued", notBefore: null, waiting: null, attempts: [], attemptCount: 0 })
  })

  test("an execution that was overtaken changes nothing", async () => {
    const refusals: string[] = []
    const observer = { executionOvertaken: ({ refusal }: { refusal: string }) => refusals.push(refusal) }
    const harness = await createHarness({ script: inOrder("hang", { text: "second" }), observer })
    const controller = new AbortController()
    const first = harness.executeOnce(controller.signal)
    await harness.executeOnce()
    controller.abort()
    expect(await first).toEqual({ kind: "done" })
    expect(await harness.found()).toMatchObject({ status: "succeeded", result: { output: { value: { text: "second" } } } })
    expect((await harness.found()).events).toHaveLength(1)
    expect(refusals).toEqual(["finished"])
  })

  test("a result in hand survives an outage of the database", async () => {
    const harness = await createHarness({ script: always({ text: "hi" }) })
    const { finish } = harness.store
    let outages = 2
    harness.store.finish = (request) => (outages-- > 0 ? Promise.reject(new StorageUnavailableError({ message: "down" })) : finish(request))
    await harness.executeOnce()
    expect(await harness.found()).toMatchObject({ status: "succeeded", attemptCount: 1 })
    expect(harness.provider.calls).toHaveLength(1)
  })
})

describe("a job whose executions were lost", () => {
  test("more often than the limit in a row fails as worker_lost, without a call", async () => {
    const harness = await createHarness({ script: always({ text: "hi" }), job: { rescues: maxRescues + 1 } })
    expect(await harness.executeToEnd()).toMatchObject({ status: "failed", error: { type: "worker_lost" } })
    expect(harness.provider.calls).toEqual([])
    const spared = await createHarness({ script: always({ text: "hi" }), job: { rescues: maxRescues } })
    expect(await spared.executeToEnd()).toMatchObject({ status: "succeeded" })
  })

  test("by a defect is put back in line, to be looked after by a sweep", async () => {
    const admission = openAdmission({
      answer: () => {
        throw new TypeError("defect")
      },
    })
    const harness = await createHarness({ script: always({ text: "hi" }), admission })
    await expect(harness.executeOnce()).rejects.toThrow("defect")
    expect(await harness.found()).toMatchObject({ status: "queued", rescues: 0, enqueueDueAt: expect.any(Date) })
  })
})

test("whatever endpoints do, a job ends once, within its deadline, and its ledger tells every call", async () => {
  const outcome: fc.Arbitrary<Scripted> = fc.oneof(
    { weight: 2, arbitrary: fc.constant({ text: "hi" }) },
    { weight: 5, arbitrary: fc.constantFrom(...providerErrorTypes).map((error) => ({ error })) },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(outcome, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1_000, max: 600_000 }),
      async (outcomes, lifeMs) => {
        const createdAt = new Date("2026-01-01T00:00:00Z")
        const job = { createdAt, deadline: new Date(createdAt.getTime() + lifeMs) }
        const harness = await createHarness({ script: (_call, index) => outcomes[index % outcomes.length] ?? "hang", job })
        const ended = await harness.executeToEnd()
        expect(["succeeded", "failed", "expired"]).toContain(ended.status)
        expect(ended.events).toHaveLength(1)
        expect(harness.clock().getTime()).toBeLessThanOrEqual(job.deadline.getTime())
        expect(ended.attemptCount).toBe(harness.provider.calls.length)
        expect(ended.attempts.map(({ number }) => number)).toEqual(ended.attempts.map((_, index) => index + 1))
        const charged = ended.attempts.filter((attempt) => attempt.charged)
        for (const { errorType } of charged) expect(errorType && traitsOf(errorType).charged).toBe(true)
        if (ended.status === "failed" && traitsOf(ended.attempts.at(-1)?.errorType ?? "invalid_input").charged) {
          const type = ended.attempts.at(-1)?.errorType
          expect(ended.attempts.filter((attempt) => attempt.errorType === type).length).toBeGreaterThan(4)
        }
      },
    ),
    { numRuns: 200 },
  )
})
