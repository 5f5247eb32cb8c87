import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type Simulator, startSimulator } from "../src/index.ts"
import { anthropicClient, azureClient, eventually, failureOf, openaiClient } from "./support/clients.ts"

let nowMs: number
let simulator: Simulator

beforeEach(async () => {
  nowMs = Date.parse("2026-11-20T12:00:00Z")
  simulator = await startSimulator({ now: () => nowMs })
})
afterEach(() => simulator.stop())

const messages = [{ role: "user" as const, content: "Say hi!!" }]
const model = "m"

/** How many of so many calls at once get through. */
async function countAccepted(calls: number, ask: () => PromiseLike<unknown>): Promise<number> {
  const results = await Promise.allSettled(Array.from({ length: calls }, ask))
  return results.filter(({ status }) => status === "fulfilled").length
}

describe("requests per minute", () => {
  test("are what gets through, and what was refused is counted", async () => {
    simulator.configure({ limits: { requestsPerMinute: 20 } })
    const client = openaiClient(simulator)
    const ask = () => client.chat.completions.create({ model, messages })
    expect(await countAccepted(50, ask)).toBe(20)
    expect(simulator.counters()).toMatchObject({ limited: 30, byFate: { ok: 20, limited: 30 }, byStatus: { 200: 20, 429: 30 } })
    nowMs += 30_000
    expect(await countAccepted(50, ask)).toBe(10)
  })

  test("are told in headers, and a refusal says when to come back", async () => {
    simulator.configure({ limits: { requestsPerMinute: 2, tokensPerMinute: 1000 } })
    const client = openaiClient(simulator)
    const { response } = await client.chat.completions.create({ model, messages, max_tokens: 10 }).withResponse()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-ratelimit-limit-requests": "2",
      "x-ratelimit-remaining-requests": "1",
      "x-ratelimit-reset-requests": "30s",
      "x-ratelimit-limit-tokens": "1000",
      "x-ratelimit-remaining-tokens": "988",
      "x-ratelimit-reset-tokens": "720ms",
    })
    await client.chat.completions.create({ model, messages })
    nowMs += 100
    const failure = await failureOf(client.chat.completions.create({ model, messages }))
    expect(failure).toMatchObject({
      status: 429,
      type: "requests",
      code: "rate_limit_exceeded",
      message: expect.stringContaining("requests per min (RPM): Limit 2, Used 2, Requested 1. Please try again in 29.9s."),
    })
    const headers = failure instanceof Error && "headers" in failure && failure.headers instanceof Headers ? failure.headers : new Headers()
    expect([headers.get("retry-after"), headers.get("retry-after-ms"), headers.get("x-ratelimit-remaining-requests")]).toEqual([
      "30",
      "29900",
      "0",
    ])
  })

  test("are kept for each key and model, or for all together", async () => {
    simulator.configure({ limits: { requestsPerMinute: 1 } })
    const ask = (apiKey: string, name: string) => openaiClient(simulator, { apiKey }).chat.completions.create({ model: name, messages })
    await ask("a", "m")
    await ask("b", "m")
    await ask("a", "n")
    expect(await failureOf(ask("a", "m"))).toMatchObject({ status: 429 })
    simulator.configure({ limits: { scope: "all" } })
    await ask("a", "m")
    expect(await failureOf(ask("b", "n"))).toMatchObject({ status: 429 })
  })

  test("survive a change of other settings, and begin anew with a change of their own or a reset", async () => {
    simulator.configure({ limits: { requestsPerMinute: 1 } })
    const ask = () => openaiClient(simulator).chat.completions.create({ model, messages })
    await ask()
    simulator.configure({ script: ["ok"], latency: { baseMs: 0 } })
    expect(await failureOf(ask())).toMatchObject({ status: 429 })
    simulator.configure({ limits: { requestsPerMinute: 1 } })
    await ask()
    simulator.reset()
    await ask()
  })

  test("can be spread by a short burst", async () => {
    simulator.configure({ limits: { requestsPerMinute: 600, burstMs: 1000 } })
    const client = openaiClient(simulator)
    expect(await countAccepted(30, () => client.chat.completions.create({ model, messages }))).toBe(10)
  })
})

describe("tokens per minute", () => {
  test("are charged with the prompt and the limit of the output, and corrected to what was used", async () => {
    simulator.configure({ limits: { tokensPerMinute: 100 } })
    const client = openaiClient(simulator)
    const ask = () => client.chat.completions.create({ model, messages, max_tokens: 60 })
    expect(await countAccepted(2, ask)).toBe(2) // 62 charged, 6 used: the second fits again
    const { response } = await ask().withResponse()
    expect(response.headers.get("x-ratelimit-remaining-tokens")).toBe(String(100 - 2 * 6 - 62))
  })

  test("are charged for as long as the answer takes", async () => {
    simulator.configure({ limits: { tokensPerMinute: 100 }, script: ["hang"] })
    const client = openaiClient(simulator)
    const controller = new AbortController()
    const hanging = failureOf(client.chat.completions.create({ model, messages, max_tokens: 60 }, { signal: controller.signal }))
    await eventually(() => simulator.counters().open).toBe(1)
    await eventually(() => simulator.requests()[0]?.fate).toBe("hang")
    expect(await failureOf(client.chat.completions.create({ model, messages, max_tokens: 60 }))).toMatchObject({
      status: 429,
      type: "tokens",
      message: expect.stringContaining("tokens per min (TPM): Limit 100, Used 62, Requested 62."),
    })
    controller.abort()
    await hanging
    await eventually(() => simulator.counters().open).toBe(0)
    await client.chat.completions.create({ model, messages, max_tokens: 60 })
  })

  test("refuse for good what is larger than all of them", async () => {
    simulator.configure({ limits: { tokensPerMinute: 100 } })
    const failure = await failureOf(openaiClient(simulator).chat.completions.create({ model, messages, max_tokens: 99 }))
    expect(failure).toMatchObject({ status: 429, code: "rate_limit_exceeded", message: expect.stringContaining("Request too large for m") })
    expect(failure).toMatchObject({ headers: expect.toSatisfy((headers: Headers) => !headers.has("retry-after")) })
  })

  test("are charged for embeddings", async () => {
    simulator.configure({ limits: { tokensPerMinute: 10 } })
    const client = openaiClient(simulator)
    await client.embeddings.create({ model, input: "x".repeat(32) })
    expect(await failureOf(client.embeddings.create({ model, input: "x".repeat(32) }))).toMatchObject({ status: 429 })
  })
})

describe("the other providers", () => {
  test("refuse in their own words", async () => {
    simulator.configure({ limits: { requestsPerMinute: 1 } })
    const azure = azureClient(simulator)
    await azure.chat.completions.create({ model, messages })
    expect(await failureOf(azure.chat.completions.create({ model, messages }))).toMatchObject({
      status: 429,
      code: "429",
      message: expect.stringContaining("exceeded the call rate limit of 1 per minute of your pricing tier. Please retry after 60 seconds."),
    })
    const anthropic = anthropicClient(simulator)
    const { response } = await anthropic.messages.create({ model, messages, max_tokens: 5 }).withResponse()
    expect(response.headers.get("anthropic-ratelimit-requests-reset")).toBe("2026-11-20T12:01:00Z")
    const failure = await failureOf(anthropic.messages.create({ model, messages, max_tokens: 5 }))
    expect(failure).toMatchObject({
      status: 429,
      type: "rate_limit_error",
      headers: expect.toSatisfy((headers: Headers) => headers.get("retry-after") === "60"),
    })
  })
})
