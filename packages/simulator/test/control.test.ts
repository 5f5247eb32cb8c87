import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type Simulator, startSimulator } from "../src/index.ts"
import { eventually } from "./support/clients.ts"

let simulator: Simulator

beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(() => simulator.stop())

async function call(method: "GET" | "POST", path: string, body?: unknown) {
  const response = await fetch(`${simulator.url}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  return { status: response.status, body: await response.json() }
}

function ask(): Promise<Response> {
  const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] })
  return fetch(`${simulator.url}/v1/chat/completions`, { method: "POST", body, headers: { authorization: "Bearer sk-0123456789abcdef" } })
}

describe("POST /__control", () => {
  test("changes what it names and shows the whole", async () => {
    const { status, body } = await call("POST", "/__control", { seed: 9, latency: { jitterMs: 3 }, script: ["unavailable"] })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      settings: { seed: 9, latency: { baseMs: 0, jitterMs: 3 } },
      script: [{ outcome: "unavailable", times: 1 }],
      outage: null,
    })
    expect((await ask()).status).toBe(503)
    expect((await ask()).status).toBe(200)
    expect(simulator.settings()).toMatchObject({ seed: 9 })
  })

  test("refuses what it does not know, and changes nothing then", async () => {
    expect(await call("POST", "/__control", { seed: 9, rate: 1 })).toMatchObject({
      status: 400,
      body: { error: { problems: [expect.stringContaining("rate is not a setting; there is profile, seed")] } },
    })
    expect(simulator.settings().seed).toBe(1)
  })

  test("refuses what is not JSON", async () => {
    const response = await fetch(`${simulator.url}/__control`, { method: "POST", body: "{seed: 9}" })
    expect([response.status, await response.json()]).toMatchObject([400, { error: { message: expect.stringContaining("not JSON") } }])
  })

  test("refuses an outage that could not be ended the same way", async () => {
    expect(await call("POST", "/__control", { outage: { mode: "refuse", durationMs: null } })).toMatchObject({
      status: 400,
      body: { error: { problems: [expect.stringContaining("outage.durationMs")] } },
    })
    expect((await ask()).status).toBe(200)
  })
})

describe("GET /__control", () => {
  test("shows settings and counters", async () => {
    await ask()
    expect((await call("GET", "/__control")).body).toMatchObject({
      settings: { seed: 1 },
      counters: { received: 1, open: 0, byFate: { ok: 1 }, byStatus: { 200: 1 }, promptTokens: 1, outputTokens: 2 },
    })
  })
})

describe("GET /__requests", () => {
  test("shows what was received and what became of it, with keys masked and without bodies", async () => {
    await ask()
    expect((await call("GET", "/__requests")).body).toEqual({
      requests: [
        {
          requestId: "req_0000000100000001",
          number: 1,
          atMs: expect.any(Number),
          wire: "openai",
          operation: "chat",
          method: "POST",
          path: "/v1/chat/completions",
          headers: expect.objectContaining({ authorization: "***cdef" }),
          model: "m",
          stream: false,
          body: null,
          fate: "ok",
          source: "schedule",
          status: 200,
          promptTokens: 1,
          outputTokens: 2,
          durationMs: expect.any(Number),
          abortedByClient: false,
        },
      ],
    })
  })

  test("shows bodies when they are kept, and no more than the log holds", async () => {
    simulator.configure({ log: { bodies: true, capacity: 2 } })
    for (let request = 0; request < 3; request++) await ask()
    expect(simulator.requests().map(({ number, body }) => [number, body])).toEqual([
      [2, { model: "m", messages: [{ role: "user", content: "hi" }] }],
      [3, { model: "m", messages: [{ role: "user", content: "hi" }] }],
    ])
  })

  test("keeps what it holds when other settings change", async () => {
    await ask()
    simulator.configure({ seed: 2 })
    expect(simulator.requests()).toHaveLength(1)
  })

  test("does not show requests to the simulator itself", async () => {
    await call("GET", "/__control")
    expect(simulator.requests()).toEqual([])
  })
})

describe("POST /__reset", () => {
  test("begins anew under the same settings", async () => {
    simulator.configure({ seed: 5, script: ["unavailable", "unavailable"], outage: { mode: "unavailable", durationMs: null } })
    await ask()
    expect((await call("POST", "/__reset")).body).toMatchObject({
      settings: { seed: 5 },
      outage: null,
      script: [],
      counters: { received: 0, byFate: {} },
    })
    expect((await ask()).status).toBe(200)
    expect(simulator.requests().map(({ number }) => number)).toEqual([1])
  })

  test("keeps count of what is still open", async () => {
    simulator.configure({ script: ["hang"] })
    const controller = new AbortController()
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] })
    const hanging = fetch(`${simulator.url}/v1/chat/completions`, {
      method: "POST",
      body,
      headers: { authorization: "Bearer k" },
      signal: controller.signal,
    }).catch(() => "aborted")
    await eventually(() => simulator.counters().byFate.hang ?? simulator.requests()[0]?.fate).toBe("hang")
    simulator.reset()
    expect(simulator.counters()).toMatchObject({ received: 0, open: 1 })
    controller.abort()
    expect(await hanging).toBe("aborted")
    await eventually(() => simulator.counters().open).toBe(0)
  })
})

test("another path of the simulator's own says what there is", async () => {
  expect(await call("GET", "/__nothing")).toMatchObject({
    status: 404,
    body: { error: { message: expect.stringContaining("POST /__reset") } },
  })
})

test("configure throws for what is not valid", () => {
  expect(() => simulator.configure({ seed: -1 })).toThrow(/seed: .*>=0/)
})
