import { tenantResource } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { chatJob, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const send = (api: MemoryApi, method: string, path: string, body: unknown = {}) =>
  api.call({ method, path, headers: { "content-type": "application/json" }, body: JSON.stringify(body) })

describe("tenants", () => {
  test("are made with settings, changed, and listed beside those of the configuration", async () => {
    const api = await startMemoryApi()
    api.access.configured.declared = { weight: 2 }
    const made = await send(api, "POST", "/v1/tenants", { id: "acme", name: "Acme", settings: { requestsPerMinute: 60 } })
    expect(made).toMatchObject({ status: 201, headers: { location: "/v1/tenants/acme" } })
    expect(tenantResource.parse(made.json)).toMatchObject({ id: "acme", name: "Acme", setByConfiguration: [], disabled: null })
    const changed = await send(api, "PATCH", "/v1/tenants/acme", { name: null, settings: { requestsPerMinute: null, weight: 3 } })
    expect(changed).toMatchObject({ status: 200, json: { name: null, settings: { requestsPerMinute: null, weight: 3 } } })
    expect((await api.call({ path: "/v1/tenants/acme" })).json).toEqual(changed.json)
    expect(api.access.tenants.settingsOf("acme")).toEqual({ weight: 3 })

    const { data } = (await api.call({ path: "/v1/tenants" })).json
    expect(data.map(({ id }: { id: string }) => id)).toEqual(["acme", "declared", "default"])
    expect(data[1]).toMatchObject({ settings: { weight: 2 }, setByConfiguration: ["weight"], createdAt: null })
    const first = (await api.call({ path: "/v1/tenants?limit=1" })).json
    const second = (await api.call({ path: `/v1/tenants?limit=1&cursor=${first.nextCursor}` })).json
    expect([first, second].map((page) => page.data[0].id)).toEqual(["acme", "declared"])
  })

  test("get an id where none is given", async () => {
    const api = await startMemoryApi()
    expect((await send(api, "POST", "/v1/tenants")).json.id).toMatch(/^ten_[0-9a-f]{32}$/)
  })

  test("whose id is taken are not made again", async () => {
    const api = await startMemoryApi()
    api.access.configured.declared = {}
    await send(api, "POST", "/v1/tenants", { id: "acme" })
    for (const id of ["acme", "declared", "default"]) {
      expect(await send(api, "POST", "/v1/tenants", { id })).toMatchObject({ status: 409, json: { code: "conflict" } })
    }
  })

  test("keep what the configuration says", async () => {
    const api = await startMemoryApi()
    api.access.configured.declared = { weight: 2 }
    const refused = await send(api, "PATCH", "/v1/tenants/declared", { settings: { weight: 9, maxQueuedJobs: 5 } })
    expect(refused).toMatchObject({ status: 409, json: { code: "conflict" } })
    expect(refused.json.detail).toContain("weight")
    expect(refused.json.detail).toContain("sluice.yaml")
    const changed = await send(api, "PATCH", "/v1/tenants/declared", { settings: { maxQueuedJobs: 5 } })
    expect(changed).toMatchObject({ status: 200, json: { settings: { weight: 2, maxQueuedJobs: 5 }, setByConfiguration: ["weight"] } })
    // Declared later than set here: the file wins.
    api.access.configured.declared = { weight: 2, maxQueuedJobs: 7 }
    expect(api.access.tenants.settingsOf("declared")).toEqual({ weight: 2, maxQueuedJobs: 7 })
  })

  test("that are disabled have their keys refused until they are enabled", async () => {
    const api = await startMemoryApi()
    await send(api, "POST", "/v1/tenants", { id: "acme" })
    const { text } = await api.access.makeKey({ tenantId: "acme", scopes: ["jobs:*"] })
    const works = () => api.call({ path: "/v1/jobs", headers: { authorization: `Bearer ${text}` } })
    expect((await works()).status).toBe(200)
    const disabled = await api.call({ method: "POST", path: "/v1/tenants/acme/disable" })
    expect(disabled).toMatchObject({ status: 200, json: { disabled: { by: "admin" } } })
    expect(await works()).toMatchObject({ status: 401, json: { detail: "The tenant of this key is disabled." } })
    expect((await api.call({ path: "/v1/jobs", headers: { "x-sluice-tenant": "acme" } })).status).toBe(200)
    expect((await api.call({ method: "POST", path: "/v1/tenants/acme/enable" })).json.disabled).toBeNull()
    expect((await works()).status).toBe(200)
    const { data } = (await api.call({ path: "/v1/audit?target=acme" })).json
    expect(data.map(({ action }: { action: string }) => action)).toEqual(["tenant.enable", "tenant.disable", "tenant.create"])
  })

  test("are for operators", async () => {
    const api = await startMemoryApi()
    const { text } = await api.access.makeKey({ scopes: ["*"] })
    const answer = await api.call({ path: "/v1/tenants", headers: { authorization: `Bearer ${text}` } })
    expect(answer).toMatchObject({ status: 403, json: { code: "scope_missing" } })
  })

  test("that are not there are not found", async () => {
    const api = await startMemoryApi()
    expect(await api.call({ path: "/v1/tenants/ghost" })).toMatchObject({ status: 404 })
    expect(await send(api, "PATCH", "/v1/tenants/ghost")).toMatchObject({ status: 404 })
    expect(await api.call({ method: "POST", path: "/v1/tenants/ghost/disable" })).toMatchObject({ status: 404 })
    expect(await send(api, "POST", "/v1/tenants", { id: "No" })).toMatchObject({ status: 400, json: { errors: [{ pointer: "#/id" }] } })
    expect(await send(api, "PATCH", "/v1/tenants/default", { settings: { speed: 1 } })).toMatchObject({ status: 400 })
  })
})

describe("limits", () => {
  test("refuse what goes beyond a tenant's requests per minute, and nobody else's", async () => {
    const api = await startMemoryApi()
    api.access.configured.acme = { requestsPerMinute: 20 }
    const list = (tenant: string) => api.call({ path: "/v1/jobs", headers: { "x-sluice-tenant": tenant } })
    const answers = await Promise.all(Array.from({ length: 50 }, () => list("acme")))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20)
    const refused = answers.find(({ status }) => status === 429)
    expect(refused).toMatchObject({ json: { code: "tenant_rate_limited", retryable: true } })
    expect(Number(refused?.headers["retry-after"])).toBeGreaterThan(50)
    expect(refused?.headers).toMatchObject({
      "ratelimit-policy": '"requests";q=20;w=60',
      ratelimit: expect.stringMatching(/^"requests";r=0;t=6[01]$/),
    })
    expect((await list("other")).status).toBe(200)
  })

  test("refuse jobs beyond a tenant's places in line, until some of them run", async () => {
    const api = await startMemoryApi()
    api.access.configured.default = { maxQueuedJobs: 3 }
    const answers = await Promise.all(Array.from({ length: 12 }, () => api.submit(chatJob)))
    const accepted = answers.filter(({ status }) => status === 202)
    expect(accepted).toHaveLength(3)
    const refused = answers.find(({ status }) => status === 429)
    expect(refused).toMatchObject({ json: { code: "tenant_queue_full" }, headers: { "retry-after": "2", ratelimit: '"queued-jobs";r=0' } })
    await api.call({ method: "POST", path: `/v1/jobs/${accepted[0]?.json.id}/cancel` })
    await expect.poll(async () => (await api.submit(chatJob)).status).toBe(202)
    expect((await api.submit(chatJob)).status).toBe(429)
  })

  test("give a place back to what was refused for another reason, or submitted before", async () => {
    const api = await startMemoryApi()
    api.access.configured.default = { maxQueuedJobs: 1 }
    for (const body of [{}, { ...chatJob, route: "none" }, "{"]) expect((await api.submit(body)).status).toBe(400)
    const keyed = () => api.submit(chatJob, { headers: { "idempotency-key": "k" } })
    await expect.poll(async () => (await keyed()).status).toBe(202)
    await expect.poll(async () => (await api.submit(chatJob)).status).toBe(429)
  })
})
