import type { AdmitOutcome, EndpointState } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { createSchemaCache } from "../structure/schema-cache.ts"
import { always, catalogOf } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"
import { type Scripted, scriptedProvider } from "../testing/scripted-provider.ts"
import { createProber } from "./probe-endpoints.ts"

const now = new Date("2026-01-01T00:00:00.000Z")
const canary = { messages: [{ role: "user", content: "Say ok" }] }

function well(name: string): EndpointState {
  const none = { calls: 0, failures: 0, slow: 0, successRate: null, latencyMs: null, inFlight: 0, concurrencyCap: null }
  const limits = { requestsPerMinute: null, tokensPerMinute: null, pausedUntil: null, disabled: null, history: [] }
  return { name, breaker: "closed", forced: null, openUntil: null, trips: 0, ...none, ...limits }
}

function setUp(states: Partial<EndpointState>[], options: { scripted?: Scripted; answer?: AdmitOutcome; route?: object } = {}) {
  const admission = openAdmission({ answer: () => options.answer ?? null })
  admission.state = (endpoints) => Promise.resolve(endpoints.map(({ name }, index) => ({ ...well(name), ...states[index] })))
  const provider = scriptedProvider(always(options.scripted ?? { text: "ok" }))
  const catalog = catalogOf({ route: { canary, ...options.route } })
  const probe = createProber({
    admission,
    catalog: () => catalog,
    clock: () => now,
    signal: new AbortController().signal,
    providerOf: () => provider,
    resolveCredential: () => Promise.resolve("key"),
    schemas: createSchemaCache(),
  })
  return { admission, provider, probe }
}

const later = new Date(now.getTime() + 1)

describe("probing", () => {
  test.each([
    ["a closed breaker", {}, false],
    ["an open one whose time is not over", { breaker: "open", openUntil: later }, false],
    ["an open one whose time is over", { breaker: "open", openUntil: now }, true],
    ["one that is half open and unused", { breaker: "half_open" }, true],
    ["one that is half open and being asked", { breaker: "half_open", inFlight: 1 }, false],
    ["one that an operator opened", { breaker: "open", openUntil: now, forced: "open" }, false],
    ["a rejected key whose time is over", { disabled: { reason: "credential", since: now, until: now } }, true],
    ["a rejected key whose time is not over", { disabled: { reason: "credential", since: now, until: later } }, false],
  ] as const)("%s", async (_what, state, expected) => {
    const { probe, provider } = setUp([state])
    expect(await probe()).toEqual(expected ? ["a"] : [])
    expect(provider.calls.map(({ endpoint }) => endpoint.name)).toEqual(expected ? ["a"] : [])
  })

  test("sends the canary and settles what came of it", async () => {
    const open = { breaker: "open", openUntil: now } as const
    const { probe, provider, admission } = setUp([open, open], { scripted: { error: "overloaded" } })
    expect(await probe()).toEqual(["a", "b"])
    expect(provider.calls[0]?.work).toEqual({ kind: "chat", input: canary })
    expect(admission.settled.map(({ endpoint, outcome }) => [endpoint.name, outcome])).toEqual([
      ["a", "failure"],
      ["b", "failure"],
    ])
  })

  test("calls nobody whom admission does not let be called, and nobody without a canary", async () => {
    const open = { breaker: "open", openUntil: now } as const
    const refused: AdmitOutcome = { kind: "refused", reason: "breaker_open", endpoint: "a", retryInMs: 9, unavailableSinceMs: 0 }
    expect(await setUp([open], { answer: refused }).probe()).toEqual([])
    expect(await setUp([open], { route: { canary: undefined } }).probe()).toEqual([])
  })
})
