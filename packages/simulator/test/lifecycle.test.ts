import { createServer } from "node:net"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type Simulator, startSimulator } from "../src/index.ts"
import { eventually, failureOf, openaiClient } from "./support/clients.ts"

let simulator: Simulator

beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(() => simulator.stop())

const messages = [{ role: "user" as const, content: "hi" }]

function ask() {
  return openaiClient(simulator).chat.completions.create({ model: "m", messages })
}

async function refusalCode(): Promise<unknown> {
  const failure = await failureOf(ask())
  const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause.cause : undefined
  return cause instanceof Error && "code" in cause ? cause.code : failure
}

describe("stopping", () => {
  test("releases calls that hang, stall or wait, and can be repeated", async () => {
    simulator.configure({ latency: { baseMs: 60_000 }, script: ["hang", "ok"] })
    const calls = [failureOf(ask()), failureOf(ask())]
    await eventually(() => simulator.counters().open).toBe(2)
    await eventually(() => simulator.requests().every(({ fate }) => fate !== null)).toBe(true)
    await Promise.all([simulator.stop(), simulator.stop()])
    for (const failure of await Promise.all(calls)) expect(failure).toBeInstanceOf(Error)
    await eventually(() => simulator.counters()).toMatchObject({ open: 0, abortedByClient: 0 })
    expect(await refusalCode()).toBe("ECONNREFUSED")
  })

  test("frees the port", async () => {
    await simulator.stop()
    const again = await startSimulator({ port: simulator.port })
    expect(again.port).toBe(simulator.port)
    await again.stop()
  })

  test("is for good, whatever is set afterwards or was about to happen", async () => {
    simulator.configure({ outage: { mode: "refuse", durationMs: null } })
    simulator.configure({ outage: null }) // begins to listen again
    await simulator.stop()
    expect(await refusalCode()).toBe("ECONNREFUSED")
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    simulator.configure({ outage: { mode: "refuse", durationMs: 1 } })
    vi.advanceTimersByTime(1)
    vi.useRealTimers()
    expect(await refusalCode()).toBe("ECONNREFUSED")
  })

  test("frees the port even while it is about to listen again", async () => {
    simulator.configure({ outage: { mode: "refuse", durationMs: null } })
    simulator.configure({ outage: null })
    await simulator.stop()
    await (await startSimulator({ port: simulator.port })).stop()
  })

  test("ends while connections are refused", async () => {
    simulator.configure({ outage: { mode: "refuse", durationMs: 60_000 } })
    await simulator.stop()
    simulator.configure({ outage: null })
    expect(await refusalCode()).toBe("ECONNREFUSED")
  })
})

describe("a total outage", () => {
  test("answers 503 to everything until it is over", async () => {
    simulator.configure({ profile: "outage" })
    for (let call = 0; call < 3; call++) expect(await failureOf(ask())).toMatchObject({ status: 503 })
    expect(simulator.requests().map(({ number, fate, source }) => [number, fate, source])).toEqual(
      [1, 2, 3].map((number) => [number, "unavailable", "outage"]),
    )
    simulator.configure({ profile: "healthy" })
    await ask()
  })

  test("ends by itself after its time", async () => {
    let nowMs = 0
    const timed = await startSimulator({ now: () => nowMs, outage: { mode: "unavailable", durationMs: 50 } })
    const statusOf = async () => (await fetch(`${timed.url}/custom/echo`, { method: "POST", body: "{}" })).status
    nowMs = 49
    expect(await statusOf()).toBe(503)
    nowMs = 50
    expect(await statusOf()).toBe(200)
    await timed.stop()
  })

  test("can refuse connections, ending the open ones, and accepts again on the same port", async () => {
    simulator.configure({ script: ["hang"] })
    const hanging = failureOf(ask())
    await eventually(() => simulator.requests()[0]?.fate).toBe("hang")
    simulator.configure({ outage: { mode: "refuse", durationMs: null } })
    expect(await hanging).toBeInstanceOf(Error)
    expect(await refusalCode()).toBe("ECONNREFUSED")
    simulator.configure({ outage: null })
    await eventually(async () => (await Promise.allSettled([ask()]))[0]?.status).toBe("fulfilled")
  })

  test("set over HTTP is confirmed before the connection ends", async () => {
    const response = await fetch(`${simulator.url}/__control`, {
      method: "POST",
      body: JSON.stringify({ outage: { mode: "refuse", durationMs: 1500 } }),
    })
    expect(await response.json()).toMatchObject({ outage: { mode: "refuse" } })
    await eventually(refusalCode).toBe("ECONNREFUSED")
    await eventually(async () => (await Promise.allSettled([ask()]))[0]?.status).toBe("fulfilled")
  })

  test("that refuses again before it has accepted goes on", async () => {
    simulator.configure({ outage: { mode: "refuse", durationMs: null } })
    simulator.configure({ outage: null })
    simulator.configure({ outage: { mode: "refuse", durationMs: null } })
    await eventually(async () => (await Promise.allSettled([ask()]))[0]?.status).toBe("rejected")
    expect(await refusalCode()).toBe("ECONNREFUSED")
  })

  test("that refuses can be extended and cut short", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    simulator.configure({ outage: { mode: "refuse", durationMs: 1000 } })
    simulator.configure({ outage: { mode: "refuse", durationMs: 60_000 } })
    vi.advanceTimersByTime(59_999)
    vi.useRealTimers()
    expect(await refusalCode()).toBe("ECONNREFUSED")
    simulator.configure({ outage: null })
    await eventually(async () => (await Promise.allSettled([ask()]))[0]?.status).toBe("fulfilled")
  })
})

describe("a refuse outcome", () => {
  test("resets its call, refuses others, and is over after refuseMs", async () => {
    simulator.configure({ script: [{ outcome: "refuse", refuseMs: 1500 }] })
    expect(await refusalCode()).toBe("ECONNRESET")
    expect(await refusalCode()).toBe("ECONNREFUSED")
    await eventually(async () => (await Promise.allSettled([ask()]))[0]?.status).toBe("fulfilled")
    expect(simulator.counters()).toMatchObject({ abortedByClient: 0, byFate: { refuse: 1, ok: 1 } })
  })

  test("waits for its port if another program has it", async () => {
    simulator.configure({ outage: { mode: "refuse", durationMs: null } })
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(simulator.port, "127.0.0.1", resolve))
    simulator.configure({ outage: null })
    await new Promise<void>((resolve) => squatter.close(() => resolve()))
    await eventually(async () => (await Promise.allSettled([ask()]))[0]?.status).toBe("fulfilled")
  })
})

describe("starting", () => {
  test("is refused for settings that are not valid", async () => {
    expect(await failureOf(startSimulator({ seed: -1 }))).toMatchObject({ name: "SettingsError" })
  })

  test("is refused for a port that is taken", async () => {
    expect(await failureOf(startSimulator({ port: simulator.port }))).toMatchObject({ code: "EADDRINUSE" })
  })
})

test("a fault of the simulator's own is told from those that it plays", async () => {
  let broken = false
  const faulty = await startSimulator({
    now: () => {
      if (broken) throw new Error("The clock has stopped.")
      return 0
    },
  })
  broken = true
  const response = await fetch(`${faulty.url}/custom/echo`, { method: "POST", body: "{}" })
  expect([response.status, response.headers.get("x-simulator-fault")]).toEqual([500, "1"])
  expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("The clock has stopped.") } })
  await faulty.stop()
})

test("a healthy simulator keeps connections open between calls", async () => {
  for (let call = 0; call < 5; call++) await ask()
  expect(simulator.requests().map(({ headers }) => headers.connection)).toEqual(Array(5).fill("keep-alive"))
  expect(simulator.counters()).toMatchObject({ byFate: { ok: 5 }, abortedByClient: 0 })
})
