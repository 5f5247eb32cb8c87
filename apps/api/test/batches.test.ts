import { request as httpRequest } from "node:http"
import { batchResource, batchResult, batchSubmission, problemDocument } from "@sluice/core"
import { describe, expect, test } from "vitest"
import type { Call } from "./support/call.ts"
import { succeed } from "./support/finish-job.ts"
import { adminKey, chatJob, startMemoryApi } from "./support/memory-api.ts"

const itemOf = (customId: string, job: object = chatJob) => ({ customId, job })
const ndjson = (items: readonly unknown[]) => items.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join("\n")

async function setUp() {
  const api = await startMemoryApi()
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    api.call({ method: "POST", path, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) })
  const postLines = (path: string, items: readonly unknown[], headers: Record<string, string> = {}) =>
    api.call({ method: "POST", path, headers: { "content-type": "application/x-ndjson", ...headers }, body: ndjson(items) })
  const get = async (path: string, headers: Call["headers"] = {}) => (await api.call({ path, headers })).json
  const results = async (id: string, query = "") => {
    const { text } = await api.call({ path: `/v1/batches/${id}/results${query}` })
    return text.split("\n").flatMap((line) => (line === "" ? [] : [batchResult.parse(JSON.parse(line))]))
  }
  const jobsOf = async (id: string) => await api.jobs.list({ filter: { tenantId: "default", batchId: id }, before: null, limit: 100 })
  return { ...api, post, postLines, get, results, jobsOf }
}

test("batches that are made and cancelled are in the audit log, once each, and what cannot be written down is not filled", async () => {
  const { post, audit, call, get } = await setUp()
  const record = audit.record
  audit.record = () => Promise.reject(new Error("away"))
  const body = { items: [itemOf("a")], webhook: { url: "https://app.example/done" } }
  const create = () => post("/v1/batches", body, { "idempotency-key": "k" })
  expect((await create()).status).toBe(500)
  audit.record = record
  const { id, links, counts } = batchSubmission.parse((await create()).json).batch
  expect(counts.total).toBe(1)
  expect((await create()).json).toMatchObject({ existing: 1, batch: { id } })
  await call({ method: "POST", path: `${links.self}/cancel` })
  expect((await get(`/v1/audit?target=${id}`)).data).toMatchObject([
    { action: "batch.cancel", actor: "admin", details: {} },
    { action: "batch.create", actor: "admin", details: { idempotencyKey: "k", route: null, webhook: "https://app.example/done" } },
  ])
})

test("jobs of a batch go back to the request that made it, and each to the trace of that which brought it", async () => {
  const { post, jobsOf, batches } = await setUp()
  const traceparents = ["a", "b"].map((digit) => `00-${digit.repeat(32)}-b7ad6b7169203331-01`)
  const headersOf = (index: number) => ({ traceparent: traceparents[index] ?? "", "x-request-id": `req-${index}` })
  const { id, links } = batchSubmission.parse((await post("/v1/batches", { items: [itemOf("a")], close: false }, headersOf(0))).json).batch
  await post(`${links.self}/items`, { items: [itemOf("b")] }, headersOf(1))
  const jobs = (await jobsOf(id)).toSorted((one, other) => (one.customId ?? "").localeCompare(other.customId ?? ""))
  expect(jobs.map(({ customId, traceparent, requestId }) => [customId, traceparent, requestId])).toEqual([
    ["a", traceparents[0], "req-0"],
    ["b", traceparents[1], "req-0"],
  ])
  expect(await batches.find({ tenantId: "default", id })).toMatchObject({ traceparent: traceparents[0], requestId: "req-0" })
})

describe("POST /v1/batches", () => {
  test("takes items as JSON and as NDJSON, and tells of each that is wrong its line and the place in it", async () => {
    const { post, postLines, get } = await setUp()
    const wrong = [
      itemOf("a"),
      itemOf("b", { route: "chat", input: { messages: [{ role: "bot", content: "x" }] } }),
      itemOf("c", { route: "nope", input: 1 }),
      { customId: 7, job: chatJob, extra: true },
    ]
    const errors = [
      { line: 2, customId: "b", code: "validation_failed", pointer: "#/job/input/messages/0/role", retryable: false },
      { line: 3, customId: "c", code: "route_unknown", pointer: "#/job/route" },
      { line: 4, customId: null, code: "validation_failed", pointer: "#/customId" },
      { line: 4, customId: null, code: "validation_failed", pointer: "#/extra" },
    ]
    const asJson = await post("/v1/batches", { items: wrong })
    expect(asJson).toMatchObject({ status: 200, json: { accepted: 1, existing: 0, failed: 3, errors } })
    const { batch } = batchSubmission.parse(asJson.json)
    expect(asJson.headers.location).toBe(batch.links.self)
    expect(batch).toMatchObject({ status: "running", counts: { total: 1, queued: 1 } })
    expect(batchResource.parse(await get(batch.links.self))).toEqual(batch)
    expect(await postLines("/v1/batches", wrong)).toMatchObject({ status: 200, json: { accepted: 1, failed: 3, errors } })
  })

  test("reads on behind lines that cannot be read", async () => {
    const { postLines } = await setUp()
    const tooLong = JSON.stringify(itemOf("long", { route: "any", input: "x".repeat(8 * 1024 * 1024) }))
    const answer = await postLines("/v1/batches", [
      "{no json",
      "",
      itemOf("a"),
      tooLong,
      `${JSON.stringify(itemOf("b"))}\r`,
      '{"customId":1e999}',
    ])
    expect(answer.json).toMatchObject({
      accepted: 2,
      failed: 3,
      errors: [
        { line: 1, code: "malformed_json", pointer: "#", detail: "The JSON is not valid at column 2." },
        { line: 4, code: "payload_too_large", pointer: "#" },
        { line: 6, code: "validation_failed", pointer: "#/customId" },
      ],
    })
  })

  test("adds nothing when it is sent again under its key, and is told apart from another", async () => {
    const { post, postLines, jobsOf } = await setUp()
    const key = { "idempotency-key": "k" }
    const first = await postLines("/v1/batches?route=chat&priority=standard", [itemOf("a"), itemOf("b")], key)
    const { id } = first.json.batch
    const again = await postLines("/v1/batches?route=chat&priority=standard", [itemOf("a"), itemOf("b"), itemOf("c")], key)
    expect(again).toMatchObject({
      status: 200,
      json: { batch: { id }, accepted: 1, existing: 2 },
      headers: { "idempotency-replayed": "true" },
    })
    expect((await jobsOf(id)).map(({ options }) => options.priority)).toEqual(["standard", "standard", "standard"])
    expect(await post("/v1/batches", { items: [itemOf("a")] }, key)).toMatchObject({
      status: 422,
      json: { code: "idempotency_key_reused" },
    })
    const other = itemOf("a", { route: "any", input: 1 })
    const errors = [{ line: 1, customId: "a", code: "custom_id_reused", pointer: "#/customId" }]
    expect(await post(`/v1/batches/${id}/items`, { items: [other] })).toMatchObject({ status: 200, json: { failed: 1, errors } })
  })

  test("refuses settings that are wrong, as a whole", async () => {
    const { post, postLines } = await setUp()
    const pointersOf = async (answer: ReturnType<typeof post>) =>
      problemDocument.parse((await answer).json).errors.map(({ pointer }) => pointer)
    expect(await pointersOf(post("/v1/batches", { webhook: { url: "http://a.example" } }))).toEqual(["#/webhook/url"])
    expect(await pointersOf(post("/v1/batches", { defaults: { webhook: { url: "http://a.example" } } }))).toEqual([
      "#/defaults/webhook/url",
    ])
    expect(await pointersOf(post("/v1/batches", { items: [], surprise: 1 }))).toEqual(["#/surprise"])
    expect(await pointersOf(postLines("/v1/batches?close=maybe", []))).toEqual(["query:close"])
    expect(await post("/v1/batches", { items: Array.from({ length: 10_001 }, () => 1) })).toMatchObject({ status: 400 })
    expect(await postLines("/v1/batches", [], { "content-encoding": "gzip" })).toMatchObject({ status: 415 })
  })

  test("answers 503 when the database is away, and what it took before is there", async () => {
    const { post, outage } = await setUp()
    outage.storage = true
    const answer = await post("/v1/batches", { items: [itemOf("a")] }, { "idempotency-key": "k" })
    expect(answer).toMatchObject({ status: 503, json: { code: "storage_unavailable" } })
    outage.storage = false
    expect(await post("/v1/batches", { items: [itemOf("a")] }, { "idempotency-key": "k" })).toMatchObject({
      status: 200,
      json: { accepted: 1 },
    })
  })

  test("keeps what a body brought that was cut off, and goes on when it is sent again", async () => {
    const { url, postLines, batches, jobsOf } = await setUp()
    const items = Array.from({ length: 1_200 }, (_, index) => itemOf(`i${index}`, { route: "any", input: index }))
    const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/x-ndjson", "idempotency-key": "cut" }
    const cut = httpRequest(`${url}/v1/batches`, { method: "POST", headers })
    cut.on("error", () => undefined)
    cut.write(`${ndjson(items.slice(0, 1_100))}\n`)
    const batch = await expect
      .poll(async () => (await batches.list({ tenantId: "default", before: null, limit: 1 }))[0], { timeout: 5_000 })
      .toBeDefined()
      .then(async () => (await batches.list({ tenantId: "default", before: null, limit: 1 }))[0])
    if (!batch) throw new Error("no batch")
    await expect.poll(async () => (await jobsOf(batch.id)).length, { timeout: 10_000 }).toBe(100)
    cut.destroy()
    const { json } = await postLines("/v1/batches", items, { "idempotency-key": "cut" })
    expect(json.batch).toMatchObject({ id: batch.id, status: "running", counts: { total: 1_200 } })
    expect(json.accepted + json.existing).toBe(1_200)
    expect(json.existing).toBeGreaterThanOrEqual(500)
  })

  test("waits for a body of NDJSON for as long as it comes, but for no other", async () => {
    const api = await startMemoryApi({ limits: { headersTimeoutMs: 200, requestTimeoutMs: 300, checkEveryMs: 20 } })
    const send = (contentType: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = { authorization: `Bearer ${adminKey}`, "content-type": contentType }
        const sent = httpRequest(`${api.url}/v1/batches`, { method: "POST", headers }, ({ statusCode }) => resolve(statusCode ?? 0))
        sent.on("error", reject)
        sent.write(" ")
        setTimeout(() => sent.end(`${JSON.stringify(itemOf("a"))}\n`), 900)
      })
    expect(await send("application/x-ndjson")).toBe(200)
    expect(await send("application/json")).toBe(408)
  })
})

describe("a batch", () => {
  test("is made without items, filled in parts, and closed by the last", async () => {
    const { post, postLines, get } = await setUp()
    const created = await post("/v1/batches", { defaults: { route: "chat" }, metadata: { night: "1" } })
    const { id } = created.json.batch
    expect(created.json).toMatchObject({ accepted: 0, batch: { status: "open", metadata: { night: "1" } } })
    expect((await postLines(`/v1/batches/${id}/items?close=false`, [itemOf("a", { input: chatJob.input })])).json).toMatchObject({
      accepted: 1,
      batch: { status: "open" },
    })
    expect((await post(`/v1/batches/${id}/items`, { items: [itemOf("b")], close: false })).json.batch.status).toBe("open")
    expect((await post(`/v1/batches/${id}/items`, { close: true })).json.batch.status).toBe("running")
    expect(await get(`/v1/batches/${id}`)).toMatchObject({ status: "running", counts: { total: 2 } })
    expect((await get(`/v1/jobs?batchId=${id}`)).data.map(({ customId }: { customId: string }) => customId)).toEqual(["b", "a"])
  })

  test("is seen by its tenant alone, and listed by page", async () => {
    const { post, get, call } = await setUp()
    const ids: string[] = []
    for (let index = 0; index < 3; index += 1) ids.push((await post("/v1/batches", { items: [itemOf("a")] })).json.batch.id)
    const first = await get("/v1/batches?limit=2")
    expect(first.data).toHaveLength(2)
    const second = await get(`/v1/batches?limit=2&cursor=${first.nextCursor}`)
    expect(new Set([...first.data, ...second.data].map(({ id }) => id))).toEqual(new Set(ids))
    const headers = { "x-sluice-tenant": "acme" }
    expect((await get("/v1/batches", headers)).data).toEqual([])
    for (const path of [`/v1/batches/${ids[0]}`, `/v1/batches/${ids[0]}/results`]) expect((await call({ path, headers })).status).toBe(404)
    for (const path of [`/v1/batches/${ids[0]}/cancel`, `/v1/batches/${ids[0]}/items`]) {
      expect((await call({ method: "POST", path, headers: { ...headers, "content-type": "application/x-ndjson" }, body: "" })).status).toBe(
        404,
      )
    }
    expect((await call({ path: "/v1/batches/batch_1" })).status).toBe(404)
  })

  test("gives its results as they come, in both orders, and goes on from the cursor of any line", async () => {
    const { post, results, jobsOf, jobs, call } = await setUp()
    const names = Array.from({ length: 40 }, (_, index) => `i${index}`)
    const { id } = (await post("/v1/batches", { items: names.map((name) => itemOf(name)) })).json.batch
    expect(await results(id)).toEqual([])
    for (const job of await jobsOf(id)) {
      await succeed(jobs, { id: job.id, at: new Date(Date.now() - 60_000 - 1_000 * Number(job.customId?.slice(1))) })
    }
    const submitted = await results(id, "?order=submitted")
    expect(submitted.map(({ customId, job }) => [customId, job.customId, job.status])).toEqual(
      names.map((name) => [name, name, "succeeded"]),
    )
    const completed = await results(id, "?order=completed")
    expect(completed.map(({ customId }) => customId)).toEqual(names.toReversed())
    for (const [query, all] of [
      ["", submitted],
      ["&order=completed", completed],
    ] as const) {
      for (const index of [0, 24, 38, 39]) expect(await results(id, `?cursor=${all[index]?.cursor}${query}`)).toEqual(all.slice(index + 1))
    }
    expect((await call({ path: `/v1/batches/${id}/results?cursor=x` })).json).toMatchObject({ errors: [{ pointer: "query:cursor" }] })
  })

  test("is cancelled as a whole, also when it is cancelled again, and then takes nothing more", async () => {
    const { post, jobsOf, get } = await setUp()
    const { id } = (await post("/v1/batches", { items: [itemOf("a"), itemOf("b")] })).json.batch
    for (let time = 0; time < 2; time += 1) {
      const { status, json } = await post(`/v1/batches/${id}/cancel`, undefined)
      expect({ status, json }).toMatchObject({ status: 200, json: { status: "cancelling", counts: { cancelled: 2 } } })
    }
    expect((await jobsOf(id)).map(({ status }) => status)).toEqual(["cancelled", "cancelled"])
    const late = await post(`/v1/batches/${id}/items`, { items: [itemOf("c"), itemOf("a")] })
    expect(late.json).toMatchObject({ existing: 1, failed: 1, errors: [{ line: 1, code: "batch_ended" }] })
    expect((await get(`/v1/batches/${id}`)).cancelRequestedAt).not.toBeNull()
  })
})
