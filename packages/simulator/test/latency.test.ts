import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type Simulator, startSimulator } from "../src/index.ts"
import { eventually } from "./support/clients.ts"

let simulator: Simulator

beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(() => simulator.stop())

/** Far longer than a test may run: what waits so long was not meant to. */
const FOREVER_MS = 3_600_000
/** Timers may fire a little early by the clock that the log goes by. */
const EARLY_MS = 2

/** How long the simulator took for one call. */
async function durationOf(changes: object = {}): Promise<number> {
  const body = JSON.stringify({
    model: "m",
    messages: [{ role: "user", content: "A prompt of ten tokens, made so by its len" }],
    ...changes,
  })
  const response = await fetch(`${simulator.url}/v1/chat/completions`, { method: "POST", body, headers: { authorization: "Bearer k" } })
  await response.text()
  await eventually(() => simulator.requests().at(-1)?.durationMs).toEqual(expect.any(Number))
  return (simulator.requests().at(-1)?.durationMs ?? 0) + EARLY_MS
}

describe("an answer in one piece", () => {
  test("takes the base latency, and more for each token", async () => {
    simulator.configure({ latency: { baseMs: 40, firstChunkMs: FOREVER_MS, chunkMs: FOREVER_MS } })
    expect(await durationOf()).toBeGreaterThanOrEqual(40)
    simulator.configure({ latency: { baseMs: 0, perOutputTokenMs: 5 }, answers: { outputTokens: 12 } })
    expect(await durationOf()).toBeGreaterThanOrEqual(60)
  })

  test("takes a seeded part of the jitter", async () => {
    simulator.configure({ latency: { jitterMs: 100 }, seed: 24 }) // which draws 0.94 for its first call
    expect(await durationOf()).toBeGreaterThanOrEqual(90)
  })

  test("takes the base latency as an error too", async () => {
    simulator.configure({ latency: { baseMs: 40 }, script: ["unavailable", "bad_gateway"] })
    expect(await durationOf()).toBeGreaterThanOrEqual(40)
    expect(await durationOf()).toBeGreaterThanOrEqual(40)
  })
})

describe("a stream", () => {
  test("takes the time to its first piece instead of the base latency, and the pace of the others", async () => {
    simulator.configure({ latency: { baseMs: FOREVER_MS, perOutputTokenMs: FOREVER_MS, firstChunkMs: 40 } })
    expect(await durationOf({ stream: true })).toBeGreaterThanOrEqual(40)
    simulator.configure({ latency: { firstChunkMs: 0, chunkMs: 10 }, answers: { text: "12345678", chunkCharacters: 4 } })
    expect(await durationOf({ stream: true })).toBeGreaterThanOrEqual(40) // role, two pieces, finish, end: four gaps
  })
})
