import { expect, test } from "vitest"
import { exitCodes } from "../exit-codes.ts"
import { runFake } from "../testing/run-fake.ts"

const page = (...data: unknown[]) => ({ body: { data, nextCursor: null } })
const route = { name: "chat", kind: "chat", paused: null }
const endpoint = { name: "openai-eu", breaker: { state: "closed", forced: null }, disabled: null }
const queue = { name: "chat", active: 2, paused: false, oldestWaitingMs: null }

async function doctor(changes: { route?: object; endpoint?: object; queue?: object } = {}, api: object = {}) {
  return await runFake({
    args: ["doctor"],
    api: {
      "GET /v1/routes": page({ ...route, ...changes.route }),
      "GET /v1/endpoints": page({ ...endpoint, ...changes.endpoint }),
      "GET /v1/queues": page({ ...queue, ...changes.queue }),
      ...api,
    },
  })
}

test("all in order", async () => {
  const { code, out } = await doctor()
  expect(code).toBe(exitCodes.ok)
  expect(out).toContain("http://127.0.0.1:3000 answers in 0 ms, and knows the key")
  expect(out.split("\n").filter((line) => / ok /.test(line)).length).toBe(4)
})

test.each([
  ["a paused route", { route: { paused: { by: "key_1", since: "" } } }, "sluice routes resume chat"],
  ["a breaker that is held", { endpoint: { breaker: { state: "open", forced: "open" } } }, "sluice endpoints force openai-eu auto"],
  ["a breaker that opened", { endpoint: { breaker: { state: "open", forced: null } } }, "sluice check --call"],
  ["a wrong credential", { endpoint: { disabled: { reason: "credential" } } }, "its credential was rejected"],
  ["a paused queue", { queue: { paused: true } }, "sluice queues resume chat"],
  ["no worker", { queue: { active: 0, oldestWaitingMs: 61_000 } }, "a job waits for 1 min, and none runs: is `npm run worker` running?"],
])("%s is told, with what to do", async (_what, changes, words) => {
  const { code, out } = await doctor(changes)
  expect(out).toMatch(/warning/)
  expect(out).toContain(words)
  expect(code).toBe(exitCodes.failed)
})

test("what the key may not see is left out", async () => {
  const forbidden = {
    status: 403,
    body: { code: "scope_missing", title: "T", detail: "D", status: 403, errors: [], requestId: "r", retryable: false },
  }
  const { code, out } = await doctor({}, { "GET /v1/endpoints": forbidden })
  expect(code).toBe(exitCodes.ok)
  expect(out).not.toContain("endpoint")
})
