import Anthropic from "@anthropic-ai/sdk"
import { OpenAI } from "openai"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type OutcomeKind, type Simulator, startSimulator } from "../src/index.ts"
import { anthropicClient, azureClient, eventually, failureOf, openaiClient } from "./support/clients.ts"

let simulator: Simulator

beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(() => simulator.stop())

const messages = [{ role: "user" as const, content: "A prompt of some length, so that there is something to cut off" }]

interface CallOptions {
  signal?: AbortSignal
  timeout?: number
}

interface Caller {
  ask: (options?: CallOptions) => Promise<unknown>
  askStream: (options?: CallOptions) => Promise<unknown>
}

const callers: Record<string, () => Caller> = {
  openai: () => ({
    ask: (options) => openaiClient(simulator).chat.completions.create({ model: "m", messages }, options),
    askStream: async (options) =>
      drain(await openaiClient(simulator).chat.completions.create({ model: "m", messages, stream: true }, options)),
  }),
  azure: () => ({
    ask: (options) => azureClient(simulator).chat.completions.create({ model: "m", messages }, options),
    askStream: async (options) =>
      drain(await azureClient(simulator).chat.completions.create({ model: "m", messages, stream: true }, options)),
  }),
  anthropic: () => ({
    ask: (options) => anthropicClient(simulator).messages.create({ model: "m", max_tokens: 100, messages }, options),
    askStream: async (options) =>
      drain(await anthropicClient(simulator).messages.create({ model: "m", max_tokens: 100, messages, stream: true }, options)),
  }),
}

async function drain(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const received = []
  for await (const event of stream) received.push(event)
  return received
}

type ErrorClass = abstract new (...parameters: never[]) => unknown
type Expected = readonly [kind: OutcomeKind, errorClass: ErrorClass, fields: object]

const openaiErrors: readonly Expected[] = [
  ["rate_limited", OpenAI.RateLimitError, { status: 429, code: "slow_down", type: "rate_limit_error" }],
  ["rate_limited_without_hint", OpenAI.RateLimitError, { status: 429 }],
  ["quota", OpenAI.RateLimitError, { status: 429, code: "credit_balance_exhausted", type: "insufficient_quota" }],
  ["internal_error", OpenAI.InternalServerError, { status: 500, type: "server_error" }],
  ["bad_gateway", OpenAI.InternalServerError, { status: 502 }],
  ["gateway_timeout", OpenAI.InternalServerError, { status: 504 }],
  ["unavailable", OpenAI.InternalServerError, { status: 503, code: "server_is_overloaded" }],
  ["overloaded", OpenAI.InternalServerError, { status: 529 }],
  ["unauthorized", OpenAI.AuthenticationError, { status: 401, code: "invalid_api_key" }],
  ["forbidden", OpenAI.PermissionDeniedError, { status: 403 }],
]
const azureErrors: readonly Expected[] = [
  ["rate_limited", OpenAI.RateLimitError, { status: 429, code: "429", message: expect.stringContaining("exceeded the call rate limit") }],
  ["rate_limited_without_hint", OpenAI.RateLimitError, { status: 429 }],
  ["quota", OpenAI.RateLimitError, { status: 429, code: "insufficient_quota" }],
  ["internal_error", OpenAI.InternalServerError, { status: 500, code: "InternalServerError" }],
  ["unavailable", OpenAI.InternalServerError, { status: 503, code: "ServiceUnavailable" }],
  ["overloaded", OpenAI.RateLimitError, { status: 429, code: "429", message: expect.stringContaining("high demand") }],
  ["unauthorized", OpenAI.AuthenticationError, { status: 401, code: "401" }],
  ["forbidden", OpenAI.PermissionDeniedError, { status: 403, code: "Forbidden" }],
]
const anthropicErrors: readonly Expected[] = [
  ["rate_limited", Anthropic.RateLimitError, { status: 429, type: "rate_limit_error" }],
  ["rate_limited_without_hint", Anthropic.RateLimitError, { status: 429 }],
  [
    "quota",
    Anthropic.BadRequestError,
    { status: 400, apiMessage: expect.stringMatching(/^You have reached your specified API usage limits/) },
  ],
  ["internal_error", Anthropic.InternalServerError, { status: 500, type: "api_error" }],
  ["bad_gateway", Anthropic.InternalServerError, { status: 502 }],
  ["gateway_timeout", Anthropic.GatewayTimeoutError, { status: 504 }],
  ["unavailable", Anthropic.ServiceUnavailableError, { status: 503 }],
  ["overloaded", Anthropic.OverloadedError, { status: 529, type: "overloaded_error" }],
  ["unauthorized", Anthropic.AuthenticationError, { status: 401, type: "authentication_error" }],
  ["forbidden", Anthropic.PermissionDeniedError, { status: 403, type: "permission_error" }],
]

describe.each([
  ["openai", openaiErrors],
  ["azure", azureErrors],
  ["anthropic", anthropicErrors],
])("an error of %s", (name, expectations) => {
  test.each(expectations)("%s is raised as the client's own class", async (kind, errorClass, fields) => {
    const caller = callers[name]?.()
    simulator.configure({ script: [{ outcome: kind, times: 2 }] })
    for (const failure of [
      await failureOf(caller?.ask() ?? Promise.resolve()),
      await failureOf(caller?.askStream() ?? Promise.resolve()),
    ]) {
      expect(failure).toBeInstanceOf(errorClass)
      expect(failure).toMatchObject(fields)
    }
    expect(simulator.requests().map(({ fate, source }) => [fate, source])).toEqual([
      [kind, "script"],
      [kind, "script"],
    ])
  })
})

describe.each(Object.entries(callers))("a connection of %s", (_, createCaller) => {
  test.each(["ask", "askStream"] as const)("that hangs is released when the client goes away (%s)", async (ask) => {
    simulator.configure({ script: ["hang"] })
    const controller = new AbortController()
    const failing = failureOf(createCaller()[ask]({ signal: controller.signal }))
    await eventually(() => simulator.requests()[0]?.fate).toBe("hang")
    expect(simulator.counters()).toMatchObject({ open: 1, abortedByClient: 0 })
    controller.abort()
    expect(String(await failing)).toMatch(/abort/i)
    await eventually(() => simulator.counters()).toMatchObject({ open: 0, abortedByClient: 1, byFate: { hang: 1 }, byStatus: {} })
  })

  test("that hangs ends in the client's own timeout", async () => {
    simulator.configure({ script: ["hang"] })
    expect(String(await failureOf(createCaller().ask({ timeout: 100 })))).toContain("timed out")
  })

  test.each(["ask", "askStream"] as const)("that is reset before the answer fails as a connection (%s)", async (ask) => {
    simulator.configure({ script: ["reset"] })
    const failure = await failureOf(createCaller()[ask]())
    expect(failure).toMatchObject({ status: undefined, cause: expect.anything() })
    expect(JSON.stringify(causesOf(failure))).toContain("ECONNRESET")
    expect(simulator.counters().abortedByClient).toBe(0)
  })

  test.each(["cut_body", "reset_in_body"] as const)("that breaks in mid-answer fails while it is read (%s)", async (kind) => {
    simulator.configure({ script: [{ outcome: kind, times: 2 }] })
    for (const failure of [await failureOf(createCaller().ask()), await failureOf(createCaller().askStream())]) {
      expect(causesOf(failure).join(" ")).toMatch(/terminated|ECONNRESET|other side closed|Connection error/)
    }
    await eventually(() => simulator.counters()).toMatchObject({ open: 0, abortedByClient: 0, byFate: { [kind]: 2 } })
  })

  test("that stalls has begun to answer and does not end", async () => {
    simulator.configure({ script: ["stall"] })
    const controller = new AbortController()
    const response = await post("/v1/chat/completions", { model: "m", messages, stream: true }, controller.signal)
    const reader = response.body?.getReader()
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0)
    const next = failureOf(reader?.read() ?? Promise.resolve())
    controller.abort()
    expect(await next).toMatchObject({ name: "AbortError" })
    await eventually(() => simulator.counters()).toMatchObject({ open: 0, abortedByClient: 1, byStatus: { 200: 1 } })
  })
})

function causesOf(failure: unknown): string[] {
  if (!(failure instanceof Error)) return []
  const code = "code" in failure ? String(failure.code) : ""
  return [failure.message, code, ...causesOf(failure.cause)]
}

describe("an answer that is no use", () => {
  test("cut off in mid-JSON is sound HTTP and no JSON", async () => {
    for (const createCaller of Object.values(callers)) {
      simulator.configure({ script: ["cut_json"] })
      expect(await failureOf(createCaller().ask())).toBeInstanceOf(SyntaxError)
    }
  })

  test("cut off as a stream ends in the middle of an event, without an end mark", async () => {
    simulator.configure({ script: ["cut_json"] })
    const response = await post("/v1/chat/completions", { model: "m", messages, stream: true })
    const text = await response.text()
    expect(text).toContain("data: {")
    expect(text).not.toContain("[DONE]")
    expect(text.endsWith("\n\n")).toBe(false)
  })

  test("of a wrong shape is JSON that is not the provider's", async () => {
    simulator.configure({ script: ["wrong_shape", "wrong_shape"] })
    expect(await callers.openai?.().ask()).not.toHaveProperty("choices")
    expect(await callers.anthropic?.().ask()).not.toHaveProperty("content")
  })

  test("with the provider's error inside a 200", async () => {
    simulator.configure({ script: ["error_in_ok", "error_in_ok"] })
    const response = await post("/v1/chat/completions", { model: "m", messages })
    expect([response.status, await response.json()]).toMatchObject([200, { error: { type: "server_error" } }])
    expect(await callers.anthropic?.().ask()).toMatchObject({ type: "error", error: { type: "api_error" } })
  })

  test.each(Object.entries(callers))("with the error of %s in the middle of a stream", async (_, createCaller) => {
    simulator.configure({ script: ["error_in_ok"] })
    const failure = await failureOf(createCaller().askStream())
    expect(failure).toBeInstanceOf(Error)
    expect(failure).toMatchObject({ status: undefined, error: expect.anything() })
  })

  test("withheld, or cut off by its length", async () => {
    simulator.configure({ script: ["content_filter", "length", "content_filter", "length"] })
    const { openai, anthropic } = callers
    expect(await openai?.().ask()).toMatchObject({ choices: [{ finish_reason: "content_filter", message: { content: null } }] })
    expect(await openai?.().ask()).toMatchObject({ choices: [{ finish_reason: "length" }] })
    expect(await anthropic?.().ask()).toMatchObject({ stop_reason: "refusal", content: [] })
    expect(await anthropic?.().ask()).toMatchObject({ stop_reason: "max_tokens" })
  })

  test("that breaks its schema, or is not JSON", async () => {
    simulator.configure({ script: ["schema_violation", "not_json", "ok"] })
    const schema = { type: "object", properties: { title: { type: "string" } }, required: ["title"] }
    const ask = async () => {
      const format = { type: "json_schema" as const, json_schema: { name: "s", schema } }
      const completion = await openaiClient(simulator).chat.completions.create({ model: "m", messages, response_format: format })
      return completion.choices[0]?.message.content ?? ""
    }
    expect(JSON.parse(await ask())).toEqual({})
    expect(await ask()).toMatch(/^Sure, here is/)
    expect(JSON.parse(await ask())).toEqual({ title: expect.any(String) })
  })

  test("late by slowMs", async () => {
    simulator.configure({ script: [{ outcome: "slow", slowMs: 60 }] })
    await callers.openai?.().ask()
    expect(simulator.requests()[0]?.durationMs).toBeGreaterThanOrEqual(59)
  })
})

test("a body that is cut off in mid-connection was announced whole", async () => {
  simulator.configure({ script: ["ok", "cut_body"] })
  const whole = await post("/v1/chat/completions", { model: "m", messages })
  const cut = await post("/v1/chat/completions", { model: "m", messages })
  expect(Number(cut.headers.get("content-length"))).toBe((await whole.text()).length)
  expect(String(await failureOf(cut.text()))).toContain("terminated")
})

describe("what an error says about coming back", () => {
  test("is in seconds, never too early, and in milliseconds", async () => {
    simulator.configure({
      script: [{ outcome: "rate_limited", retryAfterMs: 1200 }, "rate_limited_without_hint", { outcome: "unavailable", retryAfterMs: 300 }],
    })
    const headers: unknown[] = []
    for (let call = 0; call < 3; call++) {
      const response = await post("/v1/chat/completions", { model: "m", messages })
      headers.push([response.status, response.headers.get("retry-after"), response.headers.get("retry-after-ms")])
      await response.text()
    }
    expect(headers).toEqual([
      [429, "2", "1200"],
      [429, null, null],
      [503, "1", "300"],
    ])
  })
})

describe("the schedule", () => {
  const fates = () => simulator.requests().map(({ number, fate }) => [number, fate])
  const quick = { cut_json: 0.3, unavailable: 0.3, rate_limited: 0.2 }

  test("repeats itself after a reset", async () => {
    simulator.configure({ seed: 42, faults: { rates: quick } })
    const runs = []
    for (let run = 0; run < 2; run++) {
      simulator.reset()
      for (let call = 0; call < 20; call++) await (await post("/v1/chat/completions", { model: "m", messages })).text()
      runs.push(fates())
    }
    expect(runs[0]).toEqual(runs[1])
    expect(new Set(runs[0]?.map(([, fate]) => fate)).size).toBe(4)
  })

  test("does not count calls that the provider's checks refuse", async () => {
    await post("/v1/chat/completions", { model: "m" })
    await post("/v1/chat/completions", { model: "m", messages })
    expect(fates()).toEqual([
      [null, "rejected"],
      [1, "ok"],
    ])
  })

  test("gives way to a script, and goes on after it as if there had been none", async () => {
    simulator.configure({ seed: 42, faults: { rates: quick } })
    for (let call = 0; call < 6; call++) await (await post("/v1/chat/completions", { model: "m", messages })).text()
    const scheduled = fates()
    simulator.reset()
    simulator.configure({ script: [{ outcome: "internal_error", times: 3 }] })
    for (let call = 0; call < 6; call++) await (await post("/v1/chat/completions", { model: "m", messages })).text()
    expect(fates().slice(0, 3)).toEqual([1, 2, 3].map((number) => [number, "internal_error"]))
    expect(fates().slice(3)).toEqual(scheduled.slice(3))
  })
})

function post(path: string, body: object, signal: AbortSignal | null = null): Promise<Response> {
  return fetch(`${simulator.url}${path}`, { method: "POST", headers: { authorization: "Bearer x" }, body: JSON.stringify(body), signal })
}
