import fc from "fast-check"
import { expect, test } from "vitest"
import { call } from "./support/call.ts"
import { adminKey, chatJob, startMemoryApi } from "./support/memory-api.ts"
import { damaged, jsonText } from "./support/random-bodies.ts"

const authorization = `Bearer ${adminKey}`
const headers = { authorization, "content-type": "application/json" }

test("no body makes the API fail, and every refusal is a problem", async () => {
  const api = await startMemoryApi()
  await fc.assert(
    fc.asyncProperty(fc.oneof(jsonText, damaged), async (body) => {
      const answer = await call(api.url, { method: "POST", path: "/v1/jobs", headers, body })
      expect([202, 400, 413]).toContain(answer.status)
      if (answer.status !== 202) expect(answer.json).toMatchObject({ status: answer.status, code: expect.any(String) })
    }),
    { numRuns: 600 },
  )
  expect((await api.submit(chatJob)).status).toBe(202)
})

test("no address and no header makes the API fail", async () => {
  const api = await startMemoryApi()
  const { json } = await api.submit(chatJob)
  const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code)) })
  const path = fc.tuple(
    fc.constantFrom("/", "/v1/jobs", "/v1/jobs?", `/v1/jobs/${json.id}?`, `/v1/jobs/${json.id}/images/`, "/problems/"),
    visible,
  )
  const header = fc.tuple(
    fc.constantFrom("prefer", "idempotency-key", "if-none-match", "accept", "traceparent", "x-request-id", "x-sluice-tenant"),
    visible,
  )
  await fc.assert(
    fc.asyncProperty(path, header, fc.constantFrom("GET", "HEAD", "OPTIONS"), async ([base, rest], [name, value], method) => {
      const answer = await call(api.url, { method, path: base + rest, headers: { authorization, [name]: value } })
      expect([200, 204, 302, 304, 400, 404]).toContain(answer.status)
      expect(answer.headers["x-request-id"]).toBeTruthy()
    }),
    { numRuns: 400 },
  )
  expect(api.logs.filter(({ level }) => Number(level) >= 50)).toEqual([])
})
