import { deliveryWithRequestResource, webhookEndpointResource, webhookRecoveryResource, webhookSecretResource } from "@sluice/core"
import { sampleDelivery, sampleTry } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import type { Answer } from "./support/call.ts"
import { chatJob, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const base = "/v1/webhook-endpoints"
const url = "https://app.example/hooks"

interface Sent {
  readonly body?: unknown
  readonly tenant?: string
}

function send(api: MemoryApi, method: string, path: string, { body, tenant = "default" }: Sent = {}): Promise<Answer> {
  const headers = { "x-sluice-tenant": tenant, ...(body !== undefined && { "content-type": "application/json" }) }
  return api.call({ method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
}

async function registered(api: MemoryApi, body: object = {}) {
  const { json } = await send(api, "POST", base, { body: { url, ...body } })
  return webhookEndpointResource.parse(json)
}

describe("webhook endpoints", () => {
  test("are created with a secret that is told once, and read without it", async () => {
    const api = await startMemoryApi()
    const created = await send(api, "POST", base, { body: { url, headers: { "X-Key": "hunter2" }, rateLimitPerSecond: 5 } })
    expect(created.status).toBe(201)
    const endpoint = webhookEndpointResource.parse(created.json)
    expect(created.headers.location).toBe(`${base}/${endpoint.id}`)
    expect(endpoint.secret).toMatch(/^whsec_/)
    const { secret: _secret, ...shown } = endpoint
    expect(shown).toMatchObject({
      url,
      events: ["job.succeeded", "job.failed", "job.cancelled", "job.expired", "batch.completed"],
      headerNames: ["X-Key"],
      rateLimitPerSecond: 5,
      disabled: null,
    })
    const read = await send(api, "GET", `${base}/${endpoint.id}`)
    const list = await send(api, "GET", base)
    expect(read.json).toEqual(shown)
    expect(list.json).toEqual({ data: [shown], nextCursor: null })
    expect(read.text + list.text).not.toContain("hunter2")
  })

  test("are changed field by field, disabled, enabled and removed", async () => {
    const api = await startMemoryApi()
    const { id } = await registered(api, { description: "old" })
    const patch = (body: object) => send(api, "PATCH", `${base}/${id}`, { body })
    expect((await patch({ events: ["endpoint.*"], enabled: false })).json).toMatchObject({
      url,
      description: "old",
      events: ["endpoint.*"],
      disabled: { reason: "manual" },
    })
    expect((await send(api, "POST", `${base}/${id}/test`)).status).toBe(409)
    expect((await patch({ enabled: true, description: null })).json).toMatchObject({ disabled: null, description: null })
    expect((await send(api, "DELETE", `${base}/${id}`)).status).toBe(204)
    expect((await send(api, "DELETE", `${base}/${id}`)).status).toBe(404)
    expect((await send(api, "GET", `${base}/${id}`)).status).toBe(404)
  })

  test.each([
    [{ url: "http://app.example/" }, "#/url"],
    [{ url: "nonsense" }, "#/url"],
    [{ url, events: [] }, "#/events"],
    [{ url, events: ["job.exploded"] }, "#/events/0"],
    [{ url, headers: { "Webhook-Id": "x" } }, "#/headers/Webhook-Id"],
    [{ url, headers: { host: "x" } }, "#/headers/host"],
    [{ url, headers: { "content-length": "3" } }, "#/headers/content-length"],
    [{ url, headers: { "x-a": "1\r\nx-b: 2" } }, "#/headers/x-a"],
    [{ url, secret: "whsec_x" }, "#/secret"],
    [{ url, rateLimitPerSecond: 0 }, "#/rateLimitPerSecond"],
  ])("%j is refused at %s", async (body, pointer) => {
    const api = await startMemoryApi()
    const { status, json } = await send(api, "POST", base, { body })
    expect(status).toBe(400)
    expect(json).toMatchObject({ code: "validation_failed", errors: [{ pointer }] })
    expect((await send(api, "GET", base)).json.data).toEqual([])
  })

  test("a URL that may not be used is refused in a change and in a job too", async () => {
    const api = await startMemoryApi()
    const { id } = await registered(api)
    const change = await send(api, "PATCH", `${base}/${id}`, { body: { url: "http://app.example/" } })
    expect(change.json).toMatchObject({ status: 400, errors: [{ pointer: "#/url" }] })
    const submitted = await api.submit({ ...chatJob, webhook: { url: "http://app.example/" } })
    expect(submitted.json).toMatchObject({ status: 400, errors: [{ pointer: "#/webhook/url", detail: "Webhooks go over https." }] })
    const withSecret = await api.submit({ ...chatJob, webhook: { url, secret: `whsec_${"A".repeat(33)}` } })
    expect(withSecret.json).toMatchObject({ status: 400, errors: [{ pointer: "#/webhook/secret" }] })
    expect(withSecret.text).not.toContain("AAAA")
  })

  test("belong to their tenant alone", async () => {
    const api = await startMemoryApi()
    const { id } = await registered(api)
    const tenant = "another"
    const calls: [string, string, Sent?][] = [
      ["GET", ""],
      ["PATCH", "", { body: { enabled: false } }],
      ["DELETE", ""],
      ["POST", "/rotate-secret"],
      ["POST", "/test"],
      ["GET", "/deliveries"],
      ["GET", `/deliveries/evt_${"0".repeat(32)}:${id}`],
      ["POST", `/deliveries/evt_${"0".repeat(32)}:${id}/redeliver`],
      ["POST", "/recover", { body: { since: "2026-01-01T00:00:00Z" } }],
      ["GET", "/recoveries/rec_1"],
    ]
    for (const [method, path, sent] of calls)
      expect((await send(api, method, `${base}/${id}${path}`, { ...sent, tenant })).status).toBe(404)
    expect((await send(api, "GET", base, { tenant })).json.data).toEqual([])
    expect((await send(api, "GET", `${base}/${id}`)).json).toMatchObject({ disabled: null })
  })

  test("are listed by page", async () => {
    const api = await startMemoryApi()
    const made = [await registered(api), await registered(api), await registered(api)].map(({ id }) => id)
    const first = await send(api, "GET", `${base}?limit=2`)
    const second = await send(api, "GET", `${base}?limit=2&cursor=${first.json.nextCursor}`)
    const ids = [...first.json.data, ...second.json.data].map(({ id }: { id: string }) => id)
    expect(ids).toEqual(made.toSorted().reverse())
    expect(second.json.nextCursor).toBeNull()
    expect((await send(api, "GET", `${base}?cursor=x`)).json).toMatchObject({ errors: [{ pointer: "query:cursor" }] })
  })
})

describe("secrets", () => {
  test("of an endpoint rotate with an overlap, with or without a body", async () => {
    const api = await startMemoryApi()
    const { id, secret } = await registered(api)
    const rotated = await send(api, "POST", `${base}/${id}/rotate-secret`)
    expect(rotated.status).toBe(200)
    const after = webhookEndpointResource.parse(rotated.json)
    expect(after.secret).not.toBe(secret)
    expect(Date.parse(after.previousSecretExpiresAt ?? "")).toBeGreaterThan(Date.now() + 86_000_000)
    const again = await send(api, "POST", `${base}/${id}/rotate-secret`, { body: { overlapMs: 0 } })
    expect(again.json).toMatchObject({ previousSecretExpiresAt: null })
    expect(await api.endpointStore.find({ tenantId: "default", id })).toMatchObject({ secrets: [{ secret: again.json.secret }] })
  })

  test("of a tenant are told by their rotation only", async () => {
    const api = await startMemoryApi()
    const before = await send(api, "GET", "/v1/webhook-secret")
    expect(webhookSecretResource.parse(before.json)).not.toHaveProperty("secret")
    const rotated = webhookSecretResource.parse((await send(api, "POST", "/v1/webhook-secret/rotate")).json)
    expect(rotated.secret).toMatch(/^whsec_/)
    const after = await send(api, "GET", "/v1/webhook-secret")
    expect(after.json).toEqual({
      object: "webhook_secret",
      createdAt: rotated.createdAt,
      previousSecretExpiresAt: rotated.previousSecretExpiresAt,
    })
  })
})

describe("deliveries", () => {
  async function withDelivery() {
    const api = await startMemoryApi()
    const { id } = await registered(api)
    const failed = sampleDelivery({
      target: id,
      jobId: `job_${"1".repeat(32)}`,
      status: "failed",
      failedAt: new Date(),
      nextAttemptAt: null,
      tries: [sampleTry()],
      tryCount: 1,
      secret: "whsec_own",
    })
    await api.deliveries.insert([failed, sampleDelivery({ target: id, createdAt: new Date(failed.createdAt.getTime() + 5) })])
    return { api, id, failed }
  }

  test("are listed with their tries, by status", async () => {
    const { api, id, failed } = await withDelivery()
    const all = await send(api, "GET", `${base}/${id}/deliveries`)
    expect(all.json.data).toHaveLength(2)
    const { json, text } = await send(api, "GET", `${base}/${id}/deliveries?status=failed`)
    expect(json.data).toEqual([
      {
        id: failed.id,
        eventId: failed.eventId,
        eventType: "job.succeeded",
        target: id,
        jobId: failed.jobId,
        status: "failed",
        createdAt: failed.createdAt.toISOString(),
        tryCount: 1,
        tries: [{ at: "2026-01-01T00:00:01.000Z", httpStatus: 500, durationMs: 3, error: "status 500", responseBody: "no" }],
        nextAttemptAt: null,
      },
    ])
    expect(text).not.toContain("whsec_own")
    const first = await send(api, "GET", `${base}/${id}/deliveries?limit=1`)
    const second = await send(api, "GET", `${base}/${id}/deliveries?limit=1&cursor=${first.json.nextCursor}`)
    expect(second.json.data).toMatchObject([{ id: failed.id }])
  })

  test("are shown with what is sent, which holds the job: only to keys that may read jobs", async () => {
    const { api, id, failed } = await withDelivery()
    await send(api, "PATCH", `${base}/${id}`, { body: { headers: { "x-secret": "hush" } } })
    const path = `${base}/${id}/deliveries/${failed.id}`
    const { status, json, text } = await send(api, "GET", path)
    expect(status).toBe(200)
    expect(deliveryWithRequestResource.parse(json)).toMatchObject({
      id: failed.id,
      tries: [{ responseBody: "no" }],
      request: { method: "POST", url: expect.stringContaining("https://"), headerNames: ["x-secret"], body: failed.body },
    })
    expect(text).not.toMatch(/whsec_|hush/)
    const { text: key } = await api.access.makeKey({ scopes: ["webhooks:read"] })
    const withoutJobs = await api.call({ path, headers: { authorization: `Bearer ${key}` } })
    expect(withoutJobs).toMatchObject({ status: 200, json: { id: failed.id, request: { body: null } } })
    expect((await send(api, "GET", `${base}/${id}/deliveries/evt_${"0".repeat(32)}:${id}`)).status).toBe(404)
  })

  test("are made anew, and a test event is one", async () => {
    const { api, id, failed } = await withDelivery()
    const again = await send(api, "POST", `${base}/${id}/deliveries/${failed.id}/redeliver`)
    expect(again).toMatchObject({ status: 202, json: { status: "pending" } })
    const other = await registered(api)
    expect((await send(api, "POST", `${base}/${other.id}/deliveries/${failed.id}/redeliver`)).status).toBe(404)
    const tested = await send(api, "POST", `${base}/${other.id}/test`)
    expect(tested).toMatchObject({ status: 202, json: { eventType: "webhook.test", target: other.id, status: "pending" } })
  })

  test("are recovered by a task that can be followed", async () => {
    const { api, id } = await withDelivery()
    const started = await send(api, "POST", `${base}/${id}/recover`, { body: { since: "2026-01-01T00:00:00+01:00" } })
    expect(started.status).toBe(202)
    const recovery = webhookRecoveryResource.parse(started.json)
    expect(recovery).toMatchObject({ status: "running", recovered: 0, since: "2025-12-31T23:00:00.000Z" })
    const read = await send(api, "GET", started.headers.location ?? "")
    expect(read.json).toEqual(recovery)
    expect((await send(api, "POST", `${base}/${id}/recover`, { body: {} })).json).toMatchObject({ errors: [{ pointer: "#/since" }] })
  })

  test("of a job are shown with it when asked for", async () => {
    const { api } = await withDelivery()
    const { json: job } = await api.submit(chatJob)
    const own = sampleDelivery({ target: "job", jobId: job.id })
    await api.deliveries.insert([own, sampleDelivery({ target: "job", jobId: job.id, tenantId: "another" })])
    const { json } = await api.call({ path: `/v1/jobs/${job.id}?expand=deliveries` })
    expect(json.deliveries).toMatchObject([{ id: own.id, target: "job", status: "pending" }])
    expect((await api.call({ path: `/v1/jobs/${job.id}` })).json).not.toHaveProperty("deliveries")
  })
})
