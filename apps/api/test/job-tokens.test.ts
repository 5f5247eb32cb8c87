import { newJobId } from "@sluice/core"
import { createJobTokens } from "@sluice/engine"
import { describe, expect, test } from "vitest"
import { call } from "./support/call.ts"
import { succeed } from "./support/finish-job.ts"
import { adminKey, chatJob, startMemoryApi } from "./support/memory-api.ts"

const origin = { origin: "https://page.example" }

/** A job with a token, and someone who has nothing else. */
async function setUp() {
  const api = await startMemoryApi()
  const { id } = (await api.submit(chatJob)).json
  const made = await api.call({ method: "POST", path: `/v1/jobs/${id}/token` })
  const { token } = made.json
  const page = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    call(api.url, { method, path, headers: { ...origin, ...headers } })
  return { api, id, made, token, page }
}

describe("a job's token", () => {
  test("is given to who may read the job, for a quarter of an hour", async () => {
    const { id, made } = await setUp()
    expect(made).toMatchObject({ status: 201, headers: { "cache-control": "no-store" }, json: { object: "job_token", jobId: id } })
    const lastsMs = Date.parse(made.json.expiresAt) - Date.now()
    expect(lastsMs).toBeGreaterThan(890_000)
    expect(lastsMs).toBeLessThanOrEqual(900_000)
  })

  test("reads the job from a page of any origin, which also sees why it was refused", async () => {
    const { id, token, page } = await setUp()
    const answer = await page(`/v1/jobs/${id}?expand=input&token=${token}`)
    expect(answer).toMatchObject({ status: 200, json: { id } })
    expect(answer.headers).toMatchObject({ "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" })
    expect(answer.headers["access-control-expose-headers"]).toContain("ETag")
    expect(answer.headers).not.toHaveProperty("access-control-allow-credentials")
    const refused = await page(`/v1/jobs/${id}?token=jt_wrong`)
    expect(refused).toMatchObject({ status: 401, headers: { "access-control-allow-origin": "*" }, json: { code: "unauthenticated" } })
  })

  test("reads its output", async () => {
    const { api, id, token, page } = await setUp()
    expect((await page(`/v1/jobs/${id}/output?token=${token}`)).status).toBe(404)
    await succeed(api.jobs, { id })
    expect(await page(`/v1/jobs/${id}/output?token=${token}`)).toMatchObject({
      status: 200,
      headers: { "access-control-allow-origin": "*" },
    })
    expect((await page(`/v1/jobs/${id}/images/1-x-0?token=${token}`)).status).toBe(404)
  })

  test("follows its events, as an EventSource of a page does", async () => {
    const { api, id, token, page } = await setUp()
    await succeed(api.jobs, { id })
    const stream = await page(`/v1/jobs/${id}/events?token=${token}`, { accept: "text/event-stream" })
    expect(stream).toMatchObject({
      status: 200,
      headers: { "access-control-allow-origin": "*", "content-type": "text/event-stream; charset=utf-8" },
    })
    expect(stream.text).toContain("event: job.succeeded")
  })

  test("opens nothing else: no other job, no list, no other call", async () => {
    const { api, id, token, page } = await setUp()
    const other = (await api.submit(chatJob)).json.id
    for (const path of [`/v1/jobs/${other}`, `/v1/jobs/${other}/output`, `/v1/jobs/${newJobId({ at: new Date() })}`]) {
      expect(await page(`${path}?token=${token}`), path).toMatchObject({ status: 404, json: { code: "not_found" } })
    }
    for (const path of ["/v1/jobs", "/v1/dead-letters", "/v1/api-keys"])
      expect((await page(`${path}?token=${token}`)).status, path).toBe(401)
    for (const [method, path] of [
      ["DELETE", ""],
      ["POST", "/cancel"],
      ["POST", "/token"],
    ] as const) {
      expect((await page(`/v1/jobs/${id}${path}?token=${token}`, {}, method)).status, path).toBe(401)
    }
    expect((await page(`/v1/jobs/${id}`, { authorization: `Bearer ${token}` })).status).toBe(401)
  })

  test("ends, and ends with its tenant", async () => {
    const { api, id, token, page } = await setUp()
    const past = createJobTokens({ secret: adminKey, clock: () => new Date(Date.now() - 900_001) })
    const old = past.issue({ tenantId: "default", jobId: id }).text
    expect(await page(`/v1/jobs/${id}?token=${old}`)).toMatchObject({ status: 401, json: { detail: expect.stringContaining("expired") } })
    await api.call({ method: "POST", path: "/v1/tenants/default/disable" })
    expect((await page(`/v1/jobs/${id}?token=${token}`)).status).toBe(401)
  })

  test("is in no log", async () => {
    const { api, id, token, page } = await setUp()
    await page(`/v1/jobs/${id}?token=${token}`)
    await page(`/v1/jobs/${id}?token=${token}&wait=x`)
    await expect.poll(() => api.logs.filter(({ route }) => route === "/v1/jobs/:id").length).toBeGreaterThanOrEqual(2)
    expect(JSON.stringify(api.logs)).not.toContain(token.slice(3, 40))
  })
})

describe("pages", () => {
  const asking = { ...origin, "access-control-request-method": "GET", "access-control-request-headers": "if-none-match" }

  test("may send headers of their own with a token", async () => {
    const { id, token, page } = await setUp()
    const preflight = await page(`/v1/jobs/${id}?token=${token}`, asking, "OPTIONS")
    expect(preflight.status).toBe(204)
    expect(preflight.headers).toMatchObject({ "access-control-allow-origin": "*", "access-control-allow-methods": "GET" })
    expect(preflight.headers["access-control-allow-headers"]).not.toContain("authorization")
  })

  test("may use no key", async () => {
    const { api, id, page, token } = await setUp()
    const withKey = await page(`/v1/jobs/${id}`, { authorization: `Bearer ${adminKey}` })
    expect(withKey.status).toBe(200)
    expect(withKey.headers).not.toHaveProperty("access-control-allow-origin")
    const asksForKey = { ...asking, "access-control-request-headers": "authorization" }
    expect((await page(`/v1/jobs/${id}`, asksForKey, "OPTIONS")).headers).not.toHaveProperty("access-control-allow-origin")
    const asksToWrite = { ...asking, "access-control-request-method": "DELETE" }
    expect((await page(`/v1/jobs/${id}?token=${token}`, asksToWrite, "OPTIONS")).headers).not.toHaveProperty("access-control-allow-origin")
    expect((await api.call({ path: "/v1/jobs", headers: origin })).headers).not.toHaveProperty("access-control-allow-origin")
  })
})

test("a token needs a job that there is, and a key that may read it", async () => {
  const { api, id } = await setUp()
  expect((await api.call({ method: "POST", path: `/v1/jobs/${newJobId({ at: new Date() })}/token` })).status).toBe(404)
  const foreign = { "x-sluice-tenant": "other" }
  expect((await api.call({ method: "POST", path: `/v1/jobs/${id}/token`, headers: foreign })).status).toBe(404)
})
