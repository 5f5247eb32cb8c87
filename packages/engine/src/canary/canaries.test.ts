import { type AdmitOutcome, type CanaryExpectation, type GeneratedOutput, platformTenant } from "@sluice/core"
import { createMemoryCanaryStore, createMemoryJobStore, createMemoryUsage } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createSchemaCache } from "../structure/schema-cache.ts"
import { catalogOf } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"
import { type Scripted, scriptedProvider } from "../testing/scripted-provider.ts"
import { createCheckCanaries } from "./check-canaries.ts"
import { checkExpectation } from "./check-expectation.ts"
import { createInferenceHealth } from "./inference-health.ts"

const t0 = Date.parse("2026-01-01T23:50:00.000Z")
const messages = [{ role: "user", content: "Say ok" }]
const minuteMs = 60_000
const staticTier = { name: "static", output: { text: "Sorry." } }

interface World {
  readonly canary?: object | undefined
  /** What each endpoint does at the moment. */
  readonly scripted?: Readonly<Record<string, Scripted>>
  readonly answer?: AdmitOutcome | null
  readonly tiers?: readonly object[]
}

function setUp({ canary = {}, tiers, ...initial }: World = {}) {
  const state = { nowMs: t0, scripted: initial.scripted ?? {}, answer: initial.answer ?? null }
  const clock = () => new Date(state.nowMs)
  const canaries = createMemoryCanaryStore()
  const { ledger, reports } = createMemoryUsage(createMemoryJobStore())
  const admission = openAdmission({ answer: () => state.answer })
  const provider = scriptedProvider(({ endpoint }) => state.scripted[endpoint.name] ?? { text: "ok" })
  const route = { canary: { messages, everyMs: minuteMs, ...canary }, ...(tiers && { tiers }) }
  const catalog = catalogOf({ route })
  const worker = () =>
    createCheckCanaries({
      ...{ admission, canaries, ledger, clock, catalog: () => catalog, signal: new AbortController().signal },
      ...{ providerOf: () => provider, resolveCredential: () => Promise.resolve("key"), schemas: createSchemaCache() },
    })
  const health = createInferenceHealth({ canaries, routes: () => catalog.routes, clock, reuseMs: 0 })
  return { state, worker, check: worker(), canaries, admission, provider, health, reports, catalog }
}

describe("canaries", () => {
  test("ask each endpoint of each tier once in its period, over all processes", async () => {
    const { worker, check, provider, state } = setUp()
    expect(await Promise.all([check(), worker()(), worker()()])).toHaveLength(3)
    expect(provider.calls.map(({ endpoint }) => endpoint.name).sort()).toEqual(["a", "b"])
    expect(provider.calls[0]?.work).toEqual({ kind: "chat", input: { messages } })
    state.nowMs += minuteMs - 1
    expect(await check()).toBe(0)
    state.nowMs += 1
    expect(await check()).toBe(2)
    expect(provider.calls).toHaveLength(4)
  })

  test("are asked by nobody where a route has none, or says off", async () => {
    const { check, catalog, canaries } = setUp({ canary: { everyMs: "off" } })
    expect(await check()).toBe(0)
    const asked = setUp()
    await asked.check()
    expect(await asked.canaries.list()).toHaveLength(2)
    Object.assign(asked.catalog.routes.chat ?? {}, { canary: undefined })
    expect(await asked.check()).toBe(0)
    expect(await asked.canaries.list()).toEqual([])
    expect(await canaries.list()).toEqual([])
    expect(Object.keys(catalog.routes)).toEqual(["chat"])
  })

  test("count for the endpoint's breaker when they fail, and not when the answer is not what is expected", async () => {
    const { check, admission, canaries } = setUp({
      canary: { expect: { contains: "pong" } },
      scripted: { a: { error: "overloaded" }, b: { text: "ok" } },
    })
    await check()
    expect(admission.settled.map(({ endpoint, outcome }) => [endpoint.name, outcome]).sort()).toEqual([
      ["a", "failure"],
      ["b", "success"],
    ])
    expect((await canaries.list()).map(({ endpoint, outcome, error }) => [endpoint, outcome, error])).toEqual([
      ["a", "failed", "overloaded"],
      ["b", "unexpected", 'The answer does not contain "pong".'],
    ])
  })

  test("never go to who is out of use, and say nothing of who is merely busy", async () => {
    const refused = { kind: "refused", endpoint: "a", retryInMs: 9, unavailableSinceMs: 0 } as const
    const { check, provider, canaries, state } = setUp({ answer: { ...refused, reason: "breaker_open" } })
    await check()
    expect((await canaries.list()).map(({ outcome, error }) => [outcome, error])).toEqual([
      ["unavailable", "breaker_open"],
      ["unavailable", "breaker_open"],
    ])
    state.answer = null
    state.nowMs += minuteMs
    await check()
    state.answer = { ...refused, reason: "rate_limited" }
    state.nowMs += minuteMs
    await check()
    expect(provider.calls).toHaveLength(2)
    expect((await canaries.list()).map(({ outcome, since }) => [outcome, since.getTime() - t0])).toEqual([
      ["ok", minuteMs],
      ["ok", minuteMs],
    ])
  })

  test("are paid for by the installation: by the day, exactly, whatever is written twice", async () => {
    const { check, state, reports } = setUp()
    for (let turn = 0; turn < 15; turn += 1) {
      await check()
      state.nowMs += minuteMs
    }
    const day = new Date("2026-01-01T00:00:00.000Z")
    const next = new Date("2026-01-02T00:00:00.000Z")
    const sums = await reports.sum({ filter: { from: day, to: next }, by: ["tenant", "day", "endpoint", "status"], limit: 10 })
    expect(sums.map(({ group, figures }) => [group.tenant, group.day, group.endpoint, group.status, figures.calls])).toEqual([
      [platformTenant, "2026-01-01", "a", "succeeded", 10],
      [platformTenant, "2026-01-01", "b", "succeeded", 10],
      [platformTenant, "2026-01-02", "a", "succeeded", 5],
      [platformTenant, "2026-01-02", "b", "succeeded", 5],
    ])
  })
})

describe("the health of inference", () => {
  const primary = { name: "primary", endpoints: ["a"] }
  const fallback = { name: "fallback", endpoints: ["b"] }
  const failing: Scripted = { error: "overloaded" }
  test.each([
    ["ok", "all answer", [primary, fallback], {}],
    ["degraded", "the fallback answers", [primary, fallback], { a: failing }],
    ["down", "no tier answers", [primary, fallback], { a: failing, b: failing }],
    ["degraded", "a fixed answer is left", [primary, staticTier], { a: failing }],
    ["down", "only kept answers are left", [primary, { name: "cache" }], { a: failing }],
    ["ok", "one of the primary tier answers", [{ name: "primary", endpoints: ["a", "b"] }], { a: failing }],
  ] as const)("is %s when %s", async (status, _what, tiers, scripted) => {
    const { check, health } = setUp({ tiers, scripted })
    expect(await health()).toMatchObject({ status: "unknown", routes: { chat: { status: "unknown" } } })
    await check()
    expect(await health()).toMatchObject({ status, routes: { chat: { status } } })
  })

  test("shows the class of an error, and nothing of what the provider said", async () => {
    const { check, health } = setUp({ tiers: [primary], scripted: { a: failing } })
    await check()
    const at = new Date(t0).toISOString()
    expect(await health()).toEqual({
      status: "down",
      routes: {
        chat: {
          status: "down",
          tiers: [
            {
              name: "primary",
              status: "down",
              endpoints: [{ name: "a", status: "failed", checkedAt: at, latencyMs: 0, error: "overloaded" }],
            },
          ],
        },
      },
    })
  })

  test("is not known any more when nobody has asked for long", async () => {
    const { check, health, state } = setUp()
    await check()
    state.nowMs += 4 * minuteMs
    expect((await health()).status).toBe("ok")
    state.nowMs += 1
    expect((await health()).status).toBe("unknown")
  })
})

describe("what is expected of an answer", () => {
  const chat = (text: string): GeneratedOutput => ({ kind: "chat", output: { text, json: null, toolCalls: [], finishReason: "stop" } })
  const schemas = createSchemaCache()
  test.each<[string, CanaryExpectation, GeneratedOutput, string | null]>([
    ["something", {}, chat("x"), null],
    ["something, and there is nothing", {}, chat(""), "The answer has 0 characters, 1 are expected."],
    ["a word in any case", { contains: "OK" }, chat("it is ok"), null],
    ["a word that is missing", { contains: "pong" }, chat("ok"), 'The answer does not contain "pong".'],
    ["a pattern", { matches: "^\\d+$" }, chat("42"), null],
    ["a pattern that does not match", { matches: "^\\d+$" }, chat("four"), "The answer does not match ^\\d+$."],
    ["a length", { minLength: 5 }, chat("four"), "The answer has 4 characters, 5 are expected."],
    ["a schema", { schema: { type: "object", required: ["a"] } }, chat('{"a":1}'), null],
    [
      "a schema that fails",
      { schema: { type: "object", required: ["a"] } },
      chat("{}"),
      "The answer does not satisfy the JSON Schema: / must have required property 'a'.",
    ],
    ["a schema, of prose", { schema: { type: "object" } }, chat("hello"), "The answer is not JSON."],
    [
      "a schema of another kind",
      { schema: { properties: { label: { const: "good" } } } },
      { kind: "custom", output: { label: "good" } },
      null,
    ],
  ])("%s", (_what, expectation, generated, fault) => {
    expect(checkExpectation(schemas, expectation, generated)).toBe(fault)
  })
})
