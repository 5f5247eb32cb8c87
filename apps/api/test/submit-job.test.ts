import { jobResource } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { succeed } from "./support/finish-job.ts"
import { chatJob, startMemoryApi } from "./support/memory-api.ts"

describe("POST /v1/jobs", () => {
  test("accepts a job: 202, where it is, and the job as the contract has it", async () => {
    const api = await startMemoryApi()
    const answer = await api.submit({ ...chatJob, metadata: { orderId: "81" } }, { headers: { "x-request-id": "mine-1" } })
    expect(answer.status).toBe(202)
    expect(answer.headers).toMatchObject({
      "content-type": "application/json",
      location: `/v1/jobs/${answer.json.id}`,
      "retry-after": "1",
      "cache-control": "no-store",
      "x-request-id": "mine-1",
      "x-content-type-options": "nosniff",
    })
    expect(jobResource.parse(answer.json)).toMatchObject({ status: "queued", route: "chat", kind: "chat", metadata: { orderId: "81" } })
    expect(api.queue.entries()).toMatchObject([{ id: answer.json.id, run: 1, route: "chat", tenantId: "default" }])
    expect(await api.jobs.find({ tenantId: "default", id: answer.json.id })).toMatchObject({ work: { kind: "chat", input: chatJob.input } })
  })

  test("accepts jobs of every kind, and any JSON for a custom one", async () => {
    const api = await startMemoryApi()
    expect((await api.submit({ route: "embed", input: { texts: ["a"] } })).status).toBe(202)
    expect((await api.submit({ route: "draw", input: { prompt: "a cat" } })).status).toBe(202)
    for (const input of [null, false, 0, "", [], {}, { deep: [{ er: null }] }]) {
      const { status, json } = await api.submit({ route: "any", input })
      expect(status).toBe(202)
      expect((await api.call({ path: `/v1/jobs/${json.id}?expand=input` })).json.input).toEqual(input)
    }
  })

  test("keeps a valid traceparent and the id of the request with the job", async () => {
    const api = await startMemoryApi()
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    const { json } = await api.submit(chatJob, { headers: { traceparent, "x-request-id": "order-81" } })
    expect(await api.jobs.find({ tenantId: "default", id: json.id })).toMatchObject({ traceparent, requestId: "order-81" })
  })

  test("accepts for the tenant that the admin key names, and for nobody else", async () => {
    const api = await startMemoryApi()
    const { json } = await api.submit(chatJob, { headers: { "x-sluice-tenant": "acme" } })
    expect((await api.call({ path: `/v1/jobs/${json.id}`, headers: { "x-sluice-tenant": "acme" } })).status).toBe(200)
    expect((await api.call({ path: `/v1/jobs/${json.id}` })).status).toBe(404)
  })

  test("accepts while the queue is away: the job is safe", async () => {
    const api = await startMemoryApi()
    api.outage.queue = true
    const { status, json } = await api.submit(chatJob)
    expect(status).toBe(202)
    expect(await api.jobs.find({ tenantId: "default", id: json.id })).not.toBeNull()
  })

  test("refuses while the database is away, and accepts once it is back", async () => {
    const api = await startMemoryApi()
    api.outage.storage = true
    const answer = await api.submit(chatJob)
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "2" }, json: { code: "storage_unavailable", retryable: true } })
    expect(answer.text).not.toContain("10.1.2.3")
    api.outage.storage = false
    expect((await api.submit(chatJob)).status).toBe(202)
  })
})

describe("waiting", () => {
  test("answers 200 with the finished job when the end comes in time", async () => {
    const api = await startMemoryApi()
    const answering = api.submit(chatJob, { headers: { prefer: "respond-async, wait=30" } })
    await expect.poll(() => api.queue.entries().length).toBe(1)
    const { id = "" } = api.queue.entries()[0] ?? {}
    await succeed(api.jobs, { id })
    api.announceFinished(id)
    const answer = await answering
    expect(answer).toMatchObject({ status: 200, json: { id, status: "succeeded", output: { text: "ok" } } })
    expect(answer.headers["preference-applied"]).toBe("wait=30")
    expect(answer.headers["retry-after"]).toBeUndefined()
  })

  test("answers 202 with the job as it stands when the time is over", async () => {
    const api = await startMemoryApi()
    const answer = await api.submit(chatJob, { query: "?wait=0.05" })
    expect(answer).toMatchObject({ status: 202, json: { status: "queued" }, headers: { "retry-after": "1" } })
    expect(answer.headers["preference-applied"]).toBeUndefined()
  })

  test("waits 60 s at most, and says so", async () => {
    const api = await startMemoryApi()
    const answering = api.submit(chatJob, { headers: { prefer: "wait=600" } })
    await expect.poll(() => api.queue.entries().length).toBe(1)
    api.endWaits()
    expect(await answering).toMatchObject({ status: 202, headers: { "preference-applied": "wait=60" } })
  })

  test("answers 202 when the database goes away meanwhile: the job was accepted", async () => {
    const api = await startMemoryApi()
    const answering = api.submit(chatJob, { headers: { prefer: "wait=30" } })
    await expect.poll(() => api.queue.entries().length).toBe(1)
    api.outage.storage = true
    api.announceFinished(api.queue.entries()[0]?.id ?? "")
    expect(await answering).toMatchObject({ status: 202, json: { status: "queued" } })
  })
})

describe("Idempotency-Key", () => {
  test("answers the same submission with the same job, and says so", async () => {
    const api = await startMemoryApi()
    const first = await api.submit(chatJob, { headers: { "idempotency-key": "k1" } })
    const again = await api.submit(chatJob, { headers: { "idempotency-key": '"k1"' } })
    expect(first).toMatchObject({ status: 202 })
    expect(first.headers["idempotency-replayed"]).toBeUndefined()
    expect(again).toMatchObject({ status: 200, headers: { "idempotency-replayed": "true" }, json: { id: first.json.id } })
    expect(api.queue.entries()).toHaveLength(1)
  })

  test("honours the wait of a repeated submission", async () => {
    const api = await startMemoryApi()
    const { json } = await api.submit(chatJob, { headers: { "idempotency-key": "k1" } })
    const answering = api.submit(chatJob, { headers: { "idempotency-key": "k1", prefer: "wait=30" } })
    await succeed(api.jobs, { id: json.id })
    api.announceFinished(json.id)
    expect(await answering).toMatchObject({ status: 200, json: { status: "succeeded" } })
  })

  test("refuses another body under the same key, and names the job that has it", async () => {
    const api = await startMemoryApi()
    const { json } = await api.submit(chatJob, { headers: { "idempotency-key": "k1" } })
    const answer = await api.submit({ ...chatJob, metadata: { a: "b" } }, { headers: { "idempotency-key": "k1" } })
    expect(answer).toMatchObject({ status: 422, json: { code: "idempotency_key_reused", detail: expect.stringContaining(json.id) } })
  })

  test("belongs to one tenant", async () => {
    const api = await startMemoryApi()
    const headers = { "idempotency-key": "k1" }
    const first = await api.submit(chatJob, { headers })
    const other = await api.submit(chatJob, { headers: { ...headers, "x-sluice-tenant": "acme" } })
    expect(other.status).toBe(202)
    expect(other.json.id).not.toBe(first.json.id)
  })
})
