import { configurationJsonSchema, problems } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { call } from "./support/call.ts"
import { startMemoryApi } from "./support/memory-api.ts"

describe("health", () => {
  test("lives, and is ready while the database is there, without a key", async () => {
    const api = await startMemoryApi()
    expect(await call(api.url, { path: "/health/live" })).toMatchObject({ status: 200, json: { status: "ok" } })
    expect(await call(api.url, { path: "/health/ready" })).toMatchObject({
      status: 200,
      headers: { "cache-control": "no-store" },
      json: { status: "ok", checks: { mongodb: { status: "ok", latencyMs: 1 } } },
    })
  })

  test("lives without its database, but is not ready", async () => {
    const api = await startMemoryApi()
    api.outage.storage = true
    expect((await call(api.url, { path: "/health/live" })).status).toBe(200)
    expect(await call(api.url, { path: "/health/ready" })).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
      json: { status: "unavailable", checks: { mongodb: { status: "failed" } } },
    })
  })
})

describe("/problems/{code}", () => {
  test.each(Object.entries(problems))("explains %s, as JSON and as a page", async (code, { title, status }) => {
    const api = await startMemoryApi()
    const json = await call(api.url, { path: `/problems/${code}` })
    expect(json).toMatchObject({ status: 200, json: { type: `/problems/${code}`, code, title, status } })
    expect(json.json.explanation).toBeTruthy()
    const page = await call(api.url, { path: `/problems/${code}`, headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } })
    expect(page.headers).toMatchObject({ "content-type": "text/html; charset=utf-8", vary: "Accept" })
    expect(page.text).toContain(`<h1>${title}</h1>`)
    expect(page.text).toContain(code)
  })

  test.each(["nonsense", "__proto__", "toString"])("has no problem %s", async (code) => {
    const api = await startMemoryApi()
    expect((await call(api.url, { path: `/problems/${code}` })).status).toBe(404)
  })
})

test("the JSON Schema of the configuration, without a key", async () => {
  const api = await startMemoryApi()
  const { status, headers, json } = await call(api.url, { path: "/sluice.schema.json" })
  expect({ status, json }).toEqual({ status: 200, json: configurationJsonSchema() })
  expect(headers["content-type"]).toBe("application/schema+json")
})

test("every answer has a request id", async () => {
  const api = await startMemoryApi()
  for (const path of ["/health/live", "/problems/internal", "/nothing", "/v1/jobs", "/v1/jobs/%zz"]) {
    const { headers, json } = await call(api.url, { path })
    expect(headers["x-request-id"]).toMatch(/^req_/)
    if (json.requestId) expect(json.requestId).toBe(headers["x-request-id"])
    expect(headers["x-powered-by"]).toBeUndefined()
  }
})
