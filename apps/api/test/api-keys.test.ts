import { apiKeyResource } from "@sluice/core"
import { describe, expect, test } from "vitest"
import type { Answer, Call } from "./support/call.ts"
import { chatJob, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const json = { "content-type": "application/json" }

/** What a caller with this key gets. */
const as =
  (api: MemoryApi, key: string) =>
  ({ body, headers, ...request }: Omit<Call, "body"> & { readonly body?: unknown }): Promise<Answer> =>
    api.call({
      method: body === undefined ? "GET" : "POST",
      ...request,
      headers: { ...json, ...headers, authorization: `Bearer ${key}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

const post = (api: MemoryApi, path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  api.call({ method: "POST", path, headers: { ...json, ...headers }, body: JSON.stringify(body) })

const create = (api: MemoryApi, body: object = {}, headers: Record<string, string> = {}) =>
  post(api, "/v1/api-keys", { name: "orders", scopes: ["jobs:*"], ...body }, headers)

describe("keys", () => {
  test("are made, work at once within their scopes, and show their secret this once", async () => {
    const api = await startMemoryApi()
    const made = await create(api)
    expect(made.status).toBe(201)
    expect(made.headers).toMatchObject({ location: `/v1/api-keys/${made.json.id}`, "cache-control": "no-store" })
    expect(apiKeyResource.parse(made.json)).toMatchObject({ status: "active", tenantId: "default", createdBy: "admin", scopes: ["jobs:*"] })
    expect(made.json.key).toMatch(/^sk_[\w-]{43}$/)
    expect(made.json.key).toContain(made.json.hint)

    const caller = as(api, made.json.key)
    expect(await caller({ path: "/v1/jobs", body: chatJob })).toMatchObject({ status: 202 })
    expect(await caller({ path: "/v1/jobs" })).toMatchObject({ status: 200 })
    const refused = await caller({ path: "/v1/webhook-endpoints" })
    expect(refused).toMatchObject({ status: 403, json: { code: "scope_missing" } })
    expect(refused.json.detail).toContain("webhooks:read")

    const shown = await api.call({ path: `/v1/api-keys/${made.json.id}` })
    const { key, ...withoutSecret } = made.json
    expect(shown.json).toEqual(withoutSecret)
    expect((await api.call({ path: "/v1/api-keys" })).json.data).toEqual([withoutSecret])
    expect(JSON.stringify(api.logs)).not.toContain(key)
  })

  test("are listed by page, newest first", async () => {
    const api = await startMemoryApi()
    const ids: string[] = []
    for (let n = 0; n < 3; n += 1) ids.unshift((await create(api, { name: `key ${n}` })).json.id)
    const first = await api.call({ path: "/v1/api-keys?limit=2" })
    const second = await api.call({ path: `/v1/api-keys?limit=2&cursor=${first.json.nextCursor}` })
    expect([...first.json.data, ...second.json.data].map(({ id }: { id: string }) => id)).toEqual(ids)
    expect(second.json.nextCursor).toBeNull()
    expect(await api.call({ path: "/v1/api-keys?cursor=x" })).toMatchObject({ status: 400, json: { code: "validation_failed" } })
  })

  test("are named by the audit log as those who act, with what was done to them", async () => {
    const api = await startMemoryApi()
    const { id, key } = (await create(api, { scopes: ["keys:*"] })).json
    const made = await as(api, key)({ path: "/v1/api-keys", body: { name: "child", scopes: ["keys:read"] } })
    expect(made).toMatchObject({ status: 201, json: { createdBy: id } })
    await as(api, key)({ path: `/v1/api-keys/${made.json.id}/rotate`, body: { overlapMs: 0 } })
    await as(api, key)({ path: `/v1/api-keys/${made.json.id}/revoke`, body: {} })
    const { data } = (await api.call({ path: `/v1/audit?actor=${id}` })).json
    expect(data.map(({ action, target }: { action: string; target: string }) => [action, target])).toEqual([
      ["api_key.revoke", made.json.id],
      ["api_key.rotate", made.json.id],
      ["api_key.create", made.json.id],
    ])
    expect(JSON.stringify(data)).not.toContain("sk_")
  })

  test("are rotated: the old secret goes on for the overlap, without one it ends at once", async () => {
    const api = await startMemoryApi()
    const { id, key } = (await create(api)).json
    const works = async (secret: string) => (await as(api, secret)({ path: "/v1/jobs" })).status
    const rotated = await api.call({ method: "POST", path: `/v1/api-keys/${id}/rotate` })
    expect(rotated).toMatchObject({ status: 200, json: { id, previousSecretExpiresAt: expect.any(String) } })
    expect([await works(key), await works(rotated.json.key)]).toEqual([200, 200])
    const again = await post(api, `/v1/api-keys/${id}/rotate`, { overlapMs: 0 })
    expect(again.json.previousSecretExpiresAt).toBeNull()
    expect([await works(key), await works(rotated.json.key), await works(again.json.key)]).toEqual([401, 401, 200])
  })

  test("that are revoked are refused at once, and stay in sight", async () => {
    const api = await startMemoryApi()
    const { id, key } = (await create(api)).json
    await as(api, key)({ path: "/v1/jobs" })
    const revoked = await post(api, `/v1/api-keys/${id}/revoke`)
    expect(revoked).toMatchObject({ status: 200, json: { status: "revoked", revokedBy: "admin", revokedAt: expect.any(String) } })
    expect(await as(api, key)({ path: "/v1/jobs" })).toMatchObject({ status: 401, json: { code: "unauthenticated" } })
    expect((await post(api, `/v1/api-keys/${id}/revoke`)).json).toEqual(revoked.json)
    expect(await post(api, `/v1/api-keys/${id}/rotate`)).toMatchObject({ status: 409, json: { code: "conflict" } })
  })

  test("end at their time", async () => {
    const api = await startMemoryApi()
    const { text } = await api.access.makeKey({ scopes: ["jobs:*"], expiresAt: new Date(Date.now() - 1) })
    const refused = await as(api, text)({ path: "/v1/jobs" })
    expect(refused).toMatchObject({ status: 401, json: { detail: "The key has expired." } })
  })
})

describe("no key can give more than it has", () => {
  test("neither scopes nor wildcards, nor what belongs to operators", async () => {
    const api = await startMemoryApi()
    const { key } = (await create(api, { scopes: ["keys:*", "jobs:read", "jobs:write"] })).json
    const give = (scopes: string[]) => as(api, key)({ path: "/v1/api-keys", body: { name: "child", scopes } })
    expect(await give(["jobs:read", "keys:write"])).toMatchObject({ status: 201 })
    for (const scope of ["webhooks:read", "jobs:*", "*", "operate:read", "tenants:admin"]) {
      const refused = await give(["jobs:read", scope])
      expect(refused).toMatchObject({ status: 403, json: { code: "scope_missing" } })
      expect(refused.json.detail).toContain(scope)
    }
    const all = (await create(api, { scopes: ["*"] })).json.key
    expect(await as(api, all)({ path: "/v1/api-keys", body: { name: "o", scopes: ["operate:write"] } })).toMatchObject({ status: 403 })
  })

  test("nor by rotating a key that has more, whose secret it would learn", async () => {
    const api = await startMemoryApi()
    const strong = (await create(api, { scopes: ["*"] })).json
    const operator = (await create(api, { scopes: ["operate:*"] })).json
    const { key } = (await create(api, { scopes: ["keys:*"] })).json
    expect(await as(api, key)({ path: `/v1/api-keys/${strong.id}/rotate`, body: {} })).toMatchObject({ status: 403 })
    expect(await as(api, strong.key)({ path: "/v1/jobs" })).toMatchObject({ status: 200 })
    expect(await as(api, key)({ path: `/v1/api-keys/${operator.id}/revoke`, body: {} })).toMatchObject({ status: 403 })
    expect(await as(api, key)({ path: `/v1/api-keys/${strong.id}/revoke`, body: {} })).toMatchObject({ status: 200 })
  })

  test("nor time", async () => {
    const api = await startMemoryApi()
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
    const { key } = (await create(api, { scopes: ["keys:*"], expiresAt: inAnHour })).json
    const give = (expiresAt?: string | null) =>
      as(api, key)({ path: "/v1/api-keys", body: { name: "child", scopes: ["keys:read"], expiresAt } })
    expect((await give()).json.expiresAt).toBe(inAnHour)
    expect(await give(null)).toMatchObject({ status: 400, json: { errors: [{ pointer: "#/expiresAt" }] } })
    expect(await give(new Date(Date.now() + 7_200_000).toISOString())).toMatchObject({ status: 400 })
    expect(await create(api, { expiresAt: "2020-01-01T00:00:00Z" })).toMatchObject({ status: 400 })
  })
})

test.each([
  [{ scopes: ["jobs:fly"] }, "#/scopes/0"],
  [{ scopes: [] }, "#/scopes"],
  [{ scopes: ["jobs:read", "jobs:read"] }, "#/scopes"],
  [{ name: "" }, "#/name"],
  [{ tenant: "x" }, "#/tenant"],
])("refuses %j", async (body, pointer) => {
  const api = await startMemoryApi()
  expect(await create(api, body)).toMatchObject({ status: 400, json: { code: "validation_failed", errors: [{ pointer }] } })
})

test("keys are made for tenants that exist", async () => {
  const api = await startMemoryApi()
  expect(await create(api, {}, { "x-sluice-tenant": "ghost" })).toMatchObject({ status: 404, json: { code: "not_found" } })
  api.access.configured.declared = {}
  expect(await create(api, {}, { "x-sluice-tenant": "declared" })).toMatchObject({ status: 201, json: { tenantId: "declared" } })
  await post(api, "/v1/tenants", { id: "made" })
  const made = await create(api, {}, { "x-sluice-tenant": "made" })
  expect(made).toMatchObject({ status: 201, json: { tenantId: "made" } })
  expect(await api.call({ path: `/v1/api-keys/${made.json.id}` })).toMatchObject({ status: 404 })
})
