import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { describe, expect, onTestFinished, test } from "vitest"
import { createDashboardSessions } from "../src/dashboard/sessions.ts"
import { call } from "./support/call.ts"
import { adminKey, chatJob, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const ours = { "x-sluice-dashboard": "1" }

async function signIn(api: MemoryApi, key = adminKey, headers: Record<string, string> = ours) {
  const body = JSON.stringify({ key })
  const answer = await call(api.url, {
    method: "POST",
    path: "/dashboard/session",
    headers: { "content-type": "application/json", ...headers },
    body,
  })
  const setCookie = String(answer.headers["set-cookie"] ?? "")
  return { answer, setCookie, cookie: setCookie.split(";")[0] ?? "" }
}

const get = (api: MemoryApi, path: string, headers: Record<string, string>) => call(api.url, { path, headers })
const submit = (api: MemoryApi, headers: Record<string, string>) =>
  call(api.url, {
    method: "POST",
    path: "/v1/jobs",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(chatJob),
  })

describe("a session", () => {
  test("is opened with a key, and does what the key may do", async () => {
    const api = await startMemoryApi()
    const { id, text } = await api.access.makeKey({ scopes: ["jobs:*"], tenantId: "acme" })
    const { answer, cookie, setCookie } = await signIn(api, text)
    expect(answer).toMatchObject({ status: 201, json: { object: "dashboard_session", actor: id, tenantId: "acme", scopes: ["jobs:*"] } })
    expect(setCookie).toMatch(/; Path=\/; Expires=.+; HttpOnly; SameSite=Strict$/)
    expect(setCookie).not.toContain(text)
    expect(Date.parse(answer.json.expiresAt) - Date.now()).toBeGreaterThan(11.9 * 3_600_000)
    expect(await get(api, "/dashboard/session", { cookie })).toMatchObject({ status: 200, json: { actor: id } })
    expect(await submit(api, { cookie, ...ours })).toMatchObject({ status: 202 })
    expect(await get(api, "/v1/jobs", { cookie })).toMatchObject({ status: 200, json: { data: [{ route: "chat" }] } })
    expect(await get(api, "/v1/usage", { cookie })).toMatchObject({ status: 403, json: { code: "scope_missing" } })
  })

  test("ends with its key, and is kept to TLS where the browser came over TLS", async () => {
    const api = await startMemoryApi()
    const at = new Date(Date.now() + 60_000)
    const { text } = await api.access.makeKey({ scopes: ["*"], expiresAt: at })
    const { answer, setCookie } = await signIn(api, text, { ...ours, "x-forwarded-proto": "https" })
    expect(answer.json.expiresAt).toBe(at.toISOString())
    expect(setCookie).toContain("; Secure")
  })

  test("is worth nothing once its key is revoked", async () => {
    const api = await startMemoryApi()
    const { id, text } = await api.access.makeKey({ scopes: ["*"] })
    const { cookie } = await signIn(api, text)
    expect(await get(api, "/v1/jobs", { cookie })).toMatchObject({ status: 200 })
    const revoked = await api.call({ method: "POST", path: `/v1/api-keys/${id}/revoke` })
    expect(revoked.status).toBe(200)
    expect(await get(api, "/v1/jobs", { cookie })).toMatchObject({ status: 401, json: { detail: expect.stringContaining("revoked") } })
  })

  test("is not opened with a wrong key, or by another site", async () => {
    const api = await startMemoryApi()
    const wrong = await signIn(api, "sk_wrong")
    expect(wrong).toMatchObject({ answer: { status: 401 }, cookie: "" })
    const foreign = await signIn(api, adminKey, {})
    expect(foreign).toMatchObject({ answer: { status: 400, json: { errors: [{ pointer: "header:x-sluice-dashboard" }] } }, cookie: "" })
  })

  test("changes nothing without the dashboard's header", async () => {
    const api = await startMemoryApi()
    const { cookie } = await signIn(api)
    const answer = await submit(api, { cookie })
    expect(answer).toMatchObject({ status: 401, json: { detail: expect.stringContaining("x-sluice-dashboard") } })
  })

  test.each([{ "sec-fetch-site": "same-site" }, { "sec-fetch-site": "cross-site" }, { origin: "http://evil.example" }, { origin: "null" }])(
    "is not taken from a page elsewhere: %j",
    async (headers) => {
      const api = await startMemoryApi()
      const { cookie } = await signIn(api)
      expect(await get(api, "/v1/jobs", { cookie, ...ours, ...headers })).toMatchObject({ status: 401 })
    },
  )

  test("is taken from its own pages, and when the user types the address", async () => {
    const api = await startMemoryApi()
    const { cookie } = await signIn(api)
    for (const headers of [{ "sec-fetch-site": "same-origin" }, { "sec-fetch-site": "none" }, { origin: api.url }]) {
      expect(await get(api, "/v1/jobs", { cookie, ...headers })).toMatchObject({ status: 200 })
    }
  })

  test("yields to a key that the request brings itself", async () => {
    const api = await startMemoryApi()
    const { cookie } = await signIn(api)
    expect(await get(api, "/v1/jobs", { cookie, authorization: "Bearer sk_wrong" })).toMatchObject({ status: 401 })
  })

  test("that there is not is no failure to ask for", async () => {
    const api = await startMemoryApi()
    for (const headers of [{}, { cookie: "sluice_session=old" }])
      expect(await get(api, "/dashboard/session", headers)).toMatchObject({ status: 204 })
  })

  test("is closed by signing out", async () => {
    const api = await startMemoryApi()
    const { cookie } = await signIn(api)
    const out = await call(api.url, { method: "DELETE", path: "/dashboard/session", headers: { cookie, ...ours } })
    expect(out).toMatchObject({ status: 204 })
    expect(String(out.headers["set-cookie"])).toContain("Expires=Thu, 01 Jan 1970")
    const foreign = await call(api.url, { method: "DELETE", path: "/dashboard/session", headers: { cookie } })
    expect(foreign).toMatchObject({ status: 400 })
  })
})

describe("createDashboardSessions", () => {
  const at = new Date("2026-11-29T12:00:00.000Z")
  const session = { key: "sk_secret", expiresAt: new Date(at.getTime() + 60_000) }

  test("opens what another process with the same secret has sealed, until it is over", async () => {
    let now = at
    const text = await createDashboardSessions({ secret: "s", clock: () => at }).seal(session)
    const other = createDashboardSessions({ secret: "s", clock: () => now })
    expect(await other.open(text)).toEqual(session)
    now = session.expiresAt
    expect(await other.open(text)).toBeNull()
  })

  test("opens nothing that was sealed with another secret, changed, or made up", async () => {
    const sessions = createDashboardSessions({ secret: "s", clock: () => at })
    const text = await sessions.seal(session)
    expect(await createDashboardSessions({ secret: "t", clock: () => at }).open(text)).toBeNull()
    const middle = Math.floor(text.length / 2)
    expect(await sessions.open(`${text.slice(0, middle)}${text[middle] === "A" ? "B" : "A"}${text.slice(middle + 1)}`)).toBeNull()
    for (const madeUp of ["", "a.b.c.d.e", "eyJhbGciOiJub25lIn0.e30."]) expect(await sessions.open(madeUp)).toBeNull()
  })
})

describe("the files of the dashboard", () => {
  function built() {
    const folder = mkdtempSync(join(tmpdir(), "sluice-dashboard-"))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    mkdirSync(join(folder, "assets"))
    writeFileSync(join(folder, "index.html"), "<!doctype html><p>page")
    writeFileSync(join(folder, "assets/main-abc123.js"), "run()")
    writeFileSync(join(folder, "assets/main-abc123.js.gz"), gzipSync("run()"))
    return folder
  }

  test("are the page at every address, never kept without asking, with a policy that allows this origin alone", async () => {
    const api = await startMemoryApi({ app: { dashboardFolder: built() } })
    for (const path of ["/dashboard", "/dashboard/", "/dashboard/jobs/job_1?x=1"]) {
      const { status, headers, text } = await call(api.url, { path })
      expect({ path, status, text }).toEqual({ path, status: 200, text: "<!doctype html><p>page" })
      expect(headers).toMatchObject({ "cache-control": "no-cache", "content-type": expect.stringContaining("text/html") })
      expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
      expect(headers["content-security-policy"]).not.toContain("unsafe")
    }
  })

  test("keep their policy when the browser has them already: it takes the headers of the answer for its own", async () => {
    const api = await startMemoryApi({ app: { dashboardFolder: built() } })
    const { headers } = await call(api.url, { path: "/dashboard" })
    const again = await call(api.url, { path: "/dashboard", headers: { "if-none-match": String(headers.etag) } })
    expect(again.status).toBe(304)
    expect(again.headers).toMatchObject({ "cache-control": "no-cache", "content-security-policy": headers["content-security-policy"] })
  })

  test("are kept for good where their names tell their content, and come packed", async () => {
    const api = await startMemoryApi({ app: { dashboardFolder: built() } })
    const path = "/dashboard/assets/main-abc123.js"
    const plain = await call(api.url, { path })
    expect(plain).toMatchObject({ status: 200, text: "run()", headers: { "cache-control": "public, max-age=31536000, immutable" } })
    const packed = await call(api.url, { path, headers: { "accept-encoding": "gzip" } })
    expect(packed.headers).toMatchObject({ "content-encoding": "gzip", "content-type": expect.stringContaining("javascript") })
    expect(await call(api.url, { path: "/dashboard/assets/gone.js" })).toMatchObject({ status: 404, json: { code: "not_found" } })
    expect(await call(api.url, { path: "/dashboard/../../package.json" })).not.toMatchObject({ text: expect.stringContaining("sluice") })
  })

  test("are told how to be made where there are none, and served once they are", async () => {
    const folder = built()
    rmSync(join(folder, "index.html"))
    const api = await startMemoryApi({ app: { dashboardFolder: folder } })
    const missing = await call(api.url, { path: "/dashboard/jobs" })
    expect(missing).toMatchObject({ status: 404, json: { code: "not_found", detail: expect.stringContaining("npm run build") } })
    writeFileSync(join(folder, "index.html"), "page")
    expect(await call(api.url, { path: "/dashboard/jobs" })).toMatchObject({ status: 200, text: "page" })
    expect(await call(api.url, { method: "POST", path: "/dashboard/jobs" })).toMatchObject({ status: 405 })
  })
})
