import { randomUUID } from "node:crypto"
import { createTcpProxy } from "@sluice/devstack"
import { describe, expect, onTestFinished, test } from "vitest"
import { mongodbUrl, startApiProcess, workingEnvironment } from "./support/api-process.ts"
import { type Answer, type Call, call } from "./support/call.ts"
import { key } from "./support/caller.ts"

const chatJob = { route: "chat", input: { messages: [{ role: "user", content: "Say ok" }] } }

/** Two API processes on the same services, and a tenant of this test's own. */
async function startTwo(settings: object = {}) {
  const environment = await workingEnvironment()
  const urls = await Promise.all([startApiProcess(environment).ready(), startApiProcess(environment).ready()])
  const tenantId = `t-${randomUUID()}`
  const [first = "", second = ""] = urls
  const as =
    (secret: string, headers: Record<string, string> = {}) =>
    (url: string, request: Call & { readonly json?: unknown }): Promise<Answer> =>
      call(url, {
        ...request,
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", ...headers },
        ...(request.json !== undefined && { body: JSON.stringify(request.json) }),
      })
  const admin = as(key)
  await admin(first, { method: "POST", path: "/v1/tenants", json: { id: tenantId, settings } })
  const makeKey = async (scopes: string[]): Promise<{ id: string; key: string }> =>
    (await as(key, { "x-sluice-tenant": tenantId })(first, { method: "POST", path: "/v1/api-keys", json: { name: "test", scopes } })).json
  const settingsAt = async (url: string) =>
    (await as(key, { "x-sluice-tenant": tenantId })(url, { path: "/v1/jobs" })).headers["ratelimit-policy"]
  return { first, second, urls, tenantId, as, admin, makeKey, settingsAt, environment }
}

describe("two API processes", { timeout: 180_000 }, () => {
  test("let exactly the limit of 200 requests at once pass, and exactly the places of 60 jobs", async () => {
    const { first, second, as, makeKey, settingsAt } = await startTwo({ requestsPerMinute: 300, maxQueuedJobs: 25 })
    const { key: secret } = await makeKey(["jobs:*"])
    await expect.poll(() => settingsAt(second), { timeout: 20_000 }).toContain("q=300")
    const tenant = as(secret)
    const submitted = await Promise.all(
      Array.from({ length: 60 }, (_, n) => tenant(n % 2 ? first : second, { method: "POST", path: "/v1/jobs", json: chatJob })),
    )
    expect(submitted.filter(({ status }) => status === 202)).toHaveLength(25)
    expect(new Set(submitted.filter(({ status }) => status !== 202).map(({ json }) => json.code))).toEqual(new Set(["tenant_queue_full"]))

    const one = await tenant(first, { path: "/v1/jobs" })
    const left = Number(/r=(\d+)/.exec(String(one.headers.ratelimit))?.[1])
    const burst = await Promise.all(
      Array.from({ length: left + 200 }, (_, n) => tenant(n % 2 ? first : second, { path: "/v1/jobs?limit=1" })),
    )
    expect(burst.filter(({ status }) => status === 200)).toHaveLength(left)
    expect(burst.filter(({ status }) => status === 429)).toHaveLength(200)
  })

  test("take as many items of a batch as there are places, and the others when those have ended", async () => {
    const { first, second, as, makeKey, settingsAt } = await startTwo({ requestsPerMinute: 600, maxQueuedJobs: 25 })
    const { key: secret } = await makeKey(["jobs:*"])
    await expect.poll(() => settingsAt(second), { timeout: 20_000 }).toContain("q=600")
    const tenant = as(secret, { "idempotency-key": "one-batch" })
    const items = Array.from({ length: 60 }, (_, n) => ({ customId: `item-${n}`, job: chatJob }))
    const send = async (url: string) => (await tenant(url, { method: "POST", path: "/v1/batches", json: { items } })).json
    const endAll = async (batchId: string) => {
      const { data } = (await tenant(second, { path: `/v1/jobs?batchId=${batchId}&status=queued&limit=100` })).json
      for (const { id } of data) await tenant(second, { method: "POST", path: `/v1/jobs/${id}/cancel` })
    }

    const sent = await send(first)
    expect(sent).toMatchObject({ accepted: 25, existing: 0, failed: 35, batch: { status: "open", counts: { total: 25 } } })
    expect(sent.errors).toHaveLength(35)
    expect(sent.errors[0]).toMatchObject({ line: 26, customId: "item-25", code: "tenant_queue_full", retryable: true })
    const { id } = sent.batch
    expect(await send(second)).toMatchObject({ accepted: 0, existing: 25, failed: 35, batch: { id } })
    expect((await tenant(second, { method: "POST", path: "/v1/jobs", json: chatJob })).json.code).toBe("tenant_queue_full")

    await endAll(id)
    await expect.poll(() => send(second), { timeout: 20_000 }).toMatchObject({ existing: 50, failed: 10, batch: { id } })
    await endAll(id)
    await expect
      .poll(() => send(first), { timeout: 20_000 })
      .toMatchObject({ existing: 60, failed: 0, batch: { id, status: "running", counts: { total: 60 } } })
  })

  test("both refuse a key soon after one of them revoked it, and follow settings and disabled tenants", async () => {
    const { first, second, tenantId, as, admin, makeKey, settingsAt } = await startTwo()
    const made = await makeKey(["jobs:read"])
    const tenant = as(made.key)
    for (const url of [first, second]) expect((await tenant(url, { path: "/v1/jobs" })).status).toBe(200)

    await admin(second, { method: "PATCH", path: `/v1/tenants/${tenantId}`, json: { settings: { requestsPerMinute: 77 } } })
    await expect.poll(() => settingsAt(first), { timeout: 20_000 }).toBe('"requests";q=77;w=60')

    const seenBy = async (url: string) => (await tenant(url, { path: "/v1/jobs" })).status
    await admin(second, { method: "POST", path: `/v1/tenants/${tenantId}/disable` })
    await expect.poll(() => seenBy(first), { timeout: 20_000, interval: 2_000 }).toBe(401)
    await admin(second, { method: "POST", path: `/v1/tenants/${tenantId}/enable` })
    await expect.poll(() => seenBy(first), { timeout: 20_000, interval: 2_000 }).toBe(200)

    await as(key, { "x-sluice-tenant": tenantId })(first, { method: "POST", path: `/v1/api-keys/${made.id}/revoke` })
    expect(await seenBy(first)).toBe(401)
    await expect.poll(() => seenBy(second), { timeout: 20_000, interval: 2_000 }).toBe(401)
  })
})

test("while MongoDB is away, a known key works, and an unknown one is not called wrong", { timeout: 120_000 }, async () => {
  const url = mongodbUrl()
  const proxy = await createTcpProxy({ targetPort: Number(url.port) })
  onTestFinished(() => proxy.close())
  url.host = `127.0.0.1:${proxy.port}`
  url.searchParams.set("directConnection", "true")
  const api = await startApiProcess({ ...(await workingEnvironment()), MONGODB_URL: url.href }).ready()
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" }
  const make = async () =>
    (await call(api, { method: "POST", path: "/v1/api-keys", headers, body: JSON.stringify({ name: "t", scopes: ["operate:read"] }) })).json
      .key
  const [known, unknown] = [await make(), await make()]
  const look = (secret: string) => call(api, { path: "/v1/queues", headers: { authorization: `Bearer ${secret}` } })
  expect((await look(known)).status).toBe(200)
  proxy.set("cut")
  expect((await look(known)).status).toBe(200)
  const refused = await look(unknown)
  expect(refused).toMatchObject({ status: 503, json: { code: "storage_unavailable" } })
  expect(refused.headers["retry-after"]).toBeDefined()
})
