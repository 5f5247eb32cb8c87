import { describe, expect, test } from "vitest"
import { fail, succeed } from "./support/finish-job.ts"
import { chatJob, startMemoryApi } from "./support/memory-api.ts"

const unknownId = `job_${"0".repeat(32)}`

describe("POST /v1/jobs/{id}/cancel", () => {
  test("ends the job and answers with it; a second time it changes nothing", async () => {
    const api = await startMemoryApi()
    const { json: job } = await api.submit(chatJob)
    const answer = await api.call({ method: "POST", path: `/v1/jobs/${job.id}/cancel` })
    expect(answer).toMatchObject({ status: 200, json: { id: job.id, status: "cancelled", cancelRequestedAt: expect.any(String) } })
    expect(answer.headers["cache-control"]).toBe("no-store")
    expect(api.queue.entries()).toEqual([])
    const again = await api.call({ method: "POST", path: `/v1/jobs/${job.id}/cancel` })
    expect(again).toMatchObject({ status: 200, json: answer.json })
  })

  test("answers after the end with the job as it ended", async () => {
    const api = await startMemoryApi()
    const { json: job } = await api.submit(chatJob)
    await succeed(api.jobs, { id: job.id })
    const answer = await api.call({ method: "POST", path: `/v1/jobs/${job.id}/cancel` })
    expect(answer).toMatchObject({ status: 200, json: { status: "succeeded", cancelRequestedAt: null, output: { text: "ok" } } })
  })

  test("answers who waits for the job's end", async () => {
    const api = await startMemoryApi()
    const { json: job } = await api.submit(chatJob)
    const waiting = api.call({ path: `/v1/jobs/${job.id}?wait=30` })
    await api.call({ method: "POST", path: `/v1/jobs/${job.id}/cancel` })
    expect(await waiting).toMatchObject({ status: 200, json: { status: "cancelled" } })
  })

  test("finds nothing of others or under an unknown id, and says when the store is away", async () => {
    const api = await startMemoryApi()
    const { json: job } = await api.submit(chatJob)
    const cancel = (id: string, headers = {}) => api.call({ method: "POST", path: `/v1/jobs/${id}/cancel`, headers })
    expect(await cancel(job.id, { "x-sluice-tenant": "acme" })).toMatchObject({ status: 404, json: { code: "not_found" } })
    expect(await cancel(unknownId)).toMatchObject({ status: 404 })
    expect(await cancel("nonsense")).toMatchObject({ status: 404 })
    api.outage.storage = true
    expect(await cancel(job.id)).toMatchObject({ status: 503, json: { code: "storage_unavailable" } })
  })
})

describe("DELETE /v1/jobs/{id}", () => {
  test("removes a job that has ended", async () => {
    const api = await startMemoryApi()
    const { json: job } = await api.submit(chatJob)
    await succeed(api.jobs, { id: job.id })
    const answer = await api.call({ method: "DELETE", path: `/v1/jobs/${job.id}` })
    expect(answer).toMatchObject({ status: 204, text: "" })
    expect(await api.call({ path: `/v1/jobs/${job.id}` })).toMatchObject({ status: 404 })
    expect(await api.call({ method: "DELETE", path: `/v1/jobs/${job.id}` })).toMatchObject({ status: 404 })
  })

  test("refuses one whose dead letter is open until that is discarded, and names it", async () => {
    const api = await startMemoryApi()
    const { json: job } = await api.submit(chatJob)
    await fail(api.jobs, { id: job.id })
    const deadLetterId = job.id.replace("job_", "dl_")
    const refused = await api.call({ method: "DELETE", path: `/v1/jobs/${job.id}` })
    expect(refused).toMatchObject({ status: 409, json: { code: "conflict", detail: expect.stringContaining(deadLetterId) } })
    const body = JSON.stringify({ ids: [deadLetterId], reason: "to be removed" })
    const headers = { "content-type": "application/json" }
    expect(await api.call({ method: "POST", path: "/v1/dead-letters/discard", headers, body })).toMatchObject({ status: 200 })
    expect(await api.call({ method: "DELETE", path: `/v1/jobs/${job.id}` })).toMatchObject({ status: 204 })
  })

  test("refuses one of whose end a webhook is still being told", async () => {
    const removeJob = () => Promise.resolve("delivery_pending" as const)
    const api = await startMemoryApi({ app: { removeJob } })
    const { json: job } = await api.submit(chatJob)
    expect(await api.call({ method: "DELETE", path: `/v1/jobs/${job.id}` })).toMatchObject({
      status: 409,
      json: { detail: expect.stringContaining("expand=deliveries") },
    })
  })

  test("refuses one that has not ended, and finds nothing of others", async () => {
    const api = await startMemoryApi()
    const { json: job } = await api.submit(chatJob)
    const refused = await api.call({ method: "DELETE", path: `/v1/jobs/${job.id}` })
    expect(refused).toMatchObject({ status: 409, json: { code: "conflict", detail: expect.stringContaining("Cancel it first") } })
    await succeed(api.jobs, { id: job.id })
    const strange = await api.call({ method: "DELETE", path: `/v1/jobs/${job.id}`, headers: { "x-sluice-tenant": "acme" } })
    expect(strange).toMatchObject({ status: 404 })
    expect(await api.call({ path: `/v1/jobs/${job.id}` })).toMatchObject({ status: 200 })
  })
})
