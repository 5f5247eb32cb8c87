import { jobResource } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { fail, succeed } from "./support/finish-job.ts"
import { chatJob, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

async function submitted(api: MemoryApi, body: unknown = chatJob): Promise<string> {
  const { status, json } = await api.submit(body)
  expect(status).toBe(202)
  return json.id
}

describe("GET /v1/jobs/{id}", () => {
  test("shows an unfinished job, and says when to ask again", async () => {
    const api = await startMemoryApi()
    const id = await submitted(api)
    const answer = await api.call({ path: `/v1/jobs/${id}` })
    expect(answer).toMatchObject({ status: 200, headers: { "retry-after": "1", "cache-control": "private, no-cache" } })
    expect(jobResource.parse(answer.json)).toMatchObject({ id, status: "queued" })
  })

  test("shows a job that failed with 200", async () => {
    const api = await startMemoryApi()
    const id = await submitted(api)
    await fail(api.jobs, { id })
    const answer = await api.call({ path: `/v1/jobs/${id}` })
    expect(answer).toMatchObject({ status: 200, json: { status: "failed", error: { type: "invalid_input" } } })
    expect(answer.headers["retry-after"]).toBeUndefined()
  })

  test("answers 304 until the job changes", async () => {
    const api = await startMemoryApi()
    const path = `/v1/jobs/${await submitted(api)}`
    const etag = (await api.call({ path })).headers.etag ?? ""
    expect(etag).toMatch(/^W\/".+"$/)
    const unchanged = await api.call({ path, headers: { "if-none-match": `"other", ${etag}` } })
    expect(unchanged).toMatchObject({ status: 304, text: "", headers: { etag, "retry-after": "1" } })
    expect((await api.call({ path, headers: { "if-none-match": '"other"' } })).status).toBe(200)
    await succeed(api.jobs, { id: path.slice("/v1/jobs/".length) })
    const changed = await api.call({ path, headers: { "if-none-match": etag } })
    expect(changed).toMatchObject({ status: 200, json: { status: "succeeded" } })
  })

  test("shows more on demand", async () => {
    const api = await startMemoryApi()
    const id = await submitted(api)
    await succeed(api.jobs, { id })
    const plain = await api.call({ path: `/v1/jobs/${id}` })
    expect(plain.json).not.toHaveProperty("attempts")
    const expanded = await api.call({ path: `/v1/jobs/${id}?expand=attempts,deliveries,input` })
    expect(expanded.json).toMatchObject({ attempts: [{ number: 1, outcome: "succeeded" }], deliveries: [], input: chatJob.input })
    expect(expanded.headers.etag).not.toBe(plain.headers.etag)
  })

  test("shows what a job waited for, once it is over and where it is asked for", async () => {
    const api = await startMemoryApi()
    const runAt = new Date(Date.now() + 3_600_000).toISOString()
    const { json } = await api.submit({ ...chatJob, options: { runAt } })
    const read = async () => jobResource.parse((await api.call({ path: `/v1/jobs/${json.id}?expand=waits` })).json)
    expect(await read()).toMatchObject({ waiting: { reason: "scheduled" }, waits: [] })
    await api.call({ method: "POST", path: `/v1/jobs/${json.id}/cancel` })
    const { waiting, waits, createdAt, finishedAt } = await read()
    expect(waiting).toBeNull()
    expect(waits).toEqual([{ run: 1, reason: "scheduled", endpoint: null, from: createdAt, to: finishedAt }])
    expect((await api.call({ path: `/v1/jobs/${json.id}` })).json).not.toHaveProperty("waits")
  })

  test("waits for the end", async () => {
    const api = await startMemoryApi()
    const id = await submitted(api)
    const answering = api.call({ path: `/v1/jobs/${id}?wait=30` })
    await succeed(api.jobs, { id })
    api.announceFinished(id)
    expect(await answering).toMatchObject({ status: 200, json: { status: "succeeded" } })
  })

  test("takes the whole URL that a proxy may send", async () => {
    const api = await startMemoryApi()
    const id = await submitted(api)
    expect(await api.call({ path: `http://api.example/v1/jobs/${id}?expand=input` })).toMatchObject({
      status: 200,
      json: { id, input: {} },
    })
  })

  test("answers HEAD with the headers of GET", async () => {
    const api = await startMemoryApi()
    const path = `/v1/jobs/${await submitted(api)}`
    const [head, get] = await Promise.all([api.call({ method: "HEAD", path }), api.call({ path })])
    expect(head).toMatchObject({ status: 200, text: "" })
    expect(head.headers.etag).toBe(get.headers.etag)
    expect(head.headers["content-length"]).toBe(get.headers["content-length"])
  })

  test("answers 503 while the database is away", async () => {
    const api = await startMemoryApi()
    const id = await submitted(api)
    api.outage.storage = true
    for (const path of [`/v1/jobs/${id}`, `/v1/jobs/${id}?wait=5`, "/v1/jobs", `/v1/jobs/${id}/output`]) {
      expect(await api.call({ path })).toMatchObject({ status: 503, headers: { "retry-after": "2" } })
    }
  })
})

describe("GET /v1/jobs", () => {
  const idsOf = (answer: { json: { data: { id: string }[] } }) => answer.json.data.map(({ id }) => id)

  test("lists by page, newest first, without gaps or repetition", async () => {
    const api = await startMemoryApi()
    const submittedIds: string[] = []
    for (let count = 0; count < 5; count += 1) submittedIds.push(await submitted(api))
    const seen: string[] = []
    const sizes: number[] = []
    let cursor: string | null = ""
    while (cursor !== null) {
      const page = await api.call({ path: `/v1/jobs?limit=2${cursor && `&cursor=${cursor}`}` })
      expect(page.status).toBe(200)
      for (const job of page.json.data) jobResource.parse(job)
      seen.push(...idsOf(page))
      sizes.push(page.json.data.length)
      cursor = page.json.nextCursor
    }
    expect(seen).toEqual(submittedIds.toSorted().toReversed())
    expect(sizes).toEqual([2, 2, 1])
  })

  test("ends a list of just one page", async () => {
    const api = await startMemoryApi()
    await submitted(api)
    await submitted(api)
    expect((await api.call({ path: "/v1/jobs?limit=2" })).json.nextCursor).toBeNull()
    expect((await api.call({ path: "/v1/jobs" })).json).toMatchObject({ data: [{}, {}], nextCursor: null })
  })

  test("filters by everything that the contract names", async () => {
    const api = await startMemoryApi()
    const good = await submitted(api, { ...chatJob, metadata: { orderId: "81", "odd key": "a&b" } })
    const bad = await submitted(api, { route: "any", input: 1, metadata: { orderId: "82" } })
    const open = await submitted(api)
    await succeed(api.jobs, { id: good })
    await fail(api.jobs, { id: bad })
    const list = async (query: string) => idsOf(await api.call({ path: `/v1/jobs?${query}` })).toSorted()
    expect(await list("status=succeeded,failed")).toEqual([good, bad].toSorted())
    expect(await list("status=queued")).toEqual([open])
    expect(await list("route=any")).toEqual([bad])
    expect(await list("errorType=invalid_input")).toEqual([bad])
    expect(await list("tier=primary")).toEqual([good])
    expect(await list("quality=full")).toEqual([good])
    expect(await list("quality=stale")).toEqual([])
    expect(await list("batchId=batch_1")).toEqual([])
    expect(await list("metadata.orderId=81")).toEqual([good])
    expect(await list("metadata.odd%20key=a%26b&metadata.orderId=81")).toEqual([good])
    expect(await list("metadata.orderId=81&status=failed")).toEqual([])
    expect(await list("createdAfter=2000-01-01T00:00:00Z")).toHaveLength(3)
    expect(await list("createdBefore=2000-01-01T00:00:00%2B02:00")).toEqual([])
  })

  test("shows a tenant its own jobs only", async () => {
    const api = await startMemoryApi()
    await submitted(api)
    expect((await api.call({ path: "/v1/jobs", headers: { "x-sluice-tenant": "acme" } })).json.data).toEqual([])
  })

  test("answers 304 while nothing changes", async () => {
    const api = await startMemoryApi()
    await submitted(api)
    const { etag = "" } = (await api.call({ path: "/v1/jobs" })).headers
    expect((await api.call({ path: "/v1/jobs", headers: { "if-none-match": etag } })).status).toBe(304)
    await submitted(api)
    expect((await api.call({ path: "/v1/jobs", headers: { "if-none-match": etag } })).status).toBe(200)
  })
})
