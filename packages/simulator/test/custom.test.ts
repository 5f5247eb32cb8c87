import { afterEach, beforeEach, expect, test } from "vitest"
import { type Simulator, startSimulator } from "../src/index.ts"

let simulator: Simulator

beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(() => simulator.stop())

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${simulator.url}${path}`, { method: "POST", body, headers })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

test.each([
  ["echo", { text: "Hello", list: [1, null, true] }],
  ["uppercase", { text: "HELLO", list: [1, null, true] }],
  ["reverse", { text: "olleH", list: [1, null, true] }],
  ["word-count", { text: 1, list: [1, null, true] }],
])("/custom/%s answers with its output", async (name, output) => {
  const { status, body } = await post(`/custom/${name}`, JSON.stringify({ text: "Hello", list: [1, null, true] }))
  expect([status, body]).toEqual([200, { id: expect.stringMatching(/^custom_/), output }])
})

test("takes any JSON, not only objects", async () => {
  expect((await post("/custom/uppercase", '"a"')).body).toMatchObject({ output: "A" })
})

test("says what there is, and what is wrong", async () => {
  expect(await post("/custom/nothing", "{}")).toMatchObject({
    status: 404,
    body: { error: { code: "not_found", message: expect.stringContaining("echo | uppercase") } },
  })
  expect(await post("/custom/toString", "{}")).toMatchObject({ status: 404 })
  expect(await post("/custom/echo", "{")).toMatchObject({ status: 400, body: { error: { code: "malformed_json" } } })
})

test("asks for a key only where keys are set", async () => {
  simulator.configure({ apiKeys: ["k"] })
  expect(await post("/custom/echo", "{}")).toMatchObject({ status: 401, body: { error: { code: "unauthorized" } } })
  expect(await post("/custom/echo", "{}", { "x-api-key": "k" })).toMatchObject({ status: 200 })
  expect(await post("/custom/echo", "{}", { authorization: "Bearer k" })).toMatchObject({ status: 200 })
})

test("fails as it is told to", async () => {
  simulator.configure({ script: [{ outcome: "rate_limited", retryAfterMs: 2500 }, "quota", "overloaded"] })
  const limited = await post("/custom/echo", "{}")
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "3"])
  expect(await post("/custom/echo", "{}")).toMatchObject({ status: 402, body: { error: { code: "quota_exceeded" } } })
  expect(await post("/custom/echo", "{}")).toMatchObject({ status: 529 })
})
