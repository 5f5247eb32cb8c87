import { sampleResult } from "@sluice/core/testing"
import { connectRedis, createJobSignals } from "@sluice/redis"
import { connectStore } from "@sluice/store"
import fc from "fast-check"
import { expect, inject, onTestFinished, test } from "vitest"
import { mongodbUrl, namespace, startApiProcess, workingEnvironment } from "./support/api-process.ts"
import { newCaller } from "./support/caller.ts"
import { succeed } from "./support/finish-job.ts"
import { chatJob } from "./support/memory-api.ts"
import { jsonText } from "./support/random-bodies.ts"

/** The API as a process on real services, a caller, and what a worker has of the services. */
async function startWithServices() {
  const store = await connectStore({ url: mongodbUrl().href })
  const redis = connectRedis({ url: inject("redisUrl"), namespace, onError: () => {} })
  onTestFinished(async () => {
    await store.close()
    await redis.close()
  })
  const api = startApiProcess(await workingEnvironment())
  return { store, signals: createJobSignals({ redis }), ...newCaller(await api.ready()) }
}

test("a job goes in, is found, and its end reaches who waits", async () => {
  const { store, signals, tenantId, call, submit } = await startWithServices()
  const body = { ...chatJob, metadata: { orderId: "81", "a.$b": "ü" } }
  const submitted = await submit(body)
  expect(submitted.status).toBe(202)
  const { id } = submitted.json
  const stored = await store.jobs.find({ tenantId, id })
  expect(stored).toMatchObject({ status: "queued", work: { kind: "chat", input: chatJob.input }, metadata: body.metadata })

  const answering = call({ path: `/v1/jobs/${id}?wait=30` })
  await succeed(store.jobs, { id })
  signals.announceFinished({ id })
  expect(await answering).toMatchObject({ status: 200, json: { id, status: "succeeded", output: { text: "ok" }, metadata: body.metadata } })

  const ids = async (query: string) => (await call({ path: `/v1/jobs?${query}` })).json.data.map((job: { id: string }) => job.id)
  expect(await ids("status=succeeded&metadata.orderId=81&tier=primary&quality=full")).toEqual([id])
  expect(await ids("metadata.a.%24b=%C3%BC")).toEqual([id])
  expect(await ids("status=queued")).toEqual([])
})

test("a hundred submissions at once under one key are one job", async () => {
  const { call, submit } = await startWithServices()
  const answers = await Promise.all(Array.from({ length: 100 }, () => submit(chatJob, { "idempotency-key": "k1" })))
  expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
  expect(answers.filter(({ status, headers }) => status === 200 && headers["idempotency-replayed"] === "true")).toHaveLength(99)
  expect((await call({ path: "/v1/jobs" })).json.data).toHaveLength(1)
  expect(await submit({ ...chatJob, metadata: { a: "b" } }, { "idempotency-key": "k1" })).toMatchObject({ status: 422 })
})

test("pages cover all jobs once", async () => {
  const { call, submit } = await startWithServices()
  const submitted = await Promise.all(Array.from({ length: 25 }, () => submit(chatJob)))
  const seen: string[] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { json } = await call({ path: `/v1/jobs?limit=10${cursor && `&cursor=${cursor}`}` })
    seen.push(...json.data.map((job: { id: string }) => job.id))
    cursor = json.nextCursor
  }
  expect(seen).toEqual(
    submitted
      .map(({ json }) => json.id)
      .toSorted()
      .toReversed(),
  )
})

test("a large output comes from beside the job", async () => {
  const { store, tenantId, call, submit } = await startWithServices()
  const { id } = (await submit(chatJob)).json
  const bytes = Buffer.from(JSON.stringify({ text: "x".repeat(2_000_000) }))
  const blob = { id: `${id}-1`, tenantId, contentType: "application/json" }
  await store.blobs.put({ ...blob, bytes })
  const output = { at: "blob", blobId: blob.id, bytes: bytes.length, contentType: blob.contentType } as const
  await succeed(store.jobs, { id, result: { ...sampleResult(), output } })
  const { outputUrl } = (await call({ path: `/v1/jobs/${id}` })).json
  const answer = await call({ path: outputUrl })
  expect(answer.status).toBe(200)
  expect(answer.bytes.equals(bytes)).toBe(true)
  expect((await call({ path: outputUrl, headers: { "x-sluice-tenant": "acme" } })).status).toBe(404)
})

test("answers that are seeded are kept by MongoDB, and invalidated there", async () => {
  const { store, tenantId, call } = await startWithServices()
  const post = (path: string, body: unknown) =>
    call({ method: "POST", path, headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
  const items = [{ route: "faq", input: chatJob.input, output: "ok" }]
  expect(await post("/v1/cache/seed", { items })).toMatchObject({ status: 200, json: { stored: 1, failed: 0 } })
  expect(await store.cache.count({ tenantId, at: new Date() })).toEqual([{ route: "faq", entries: 1, fresh: 0 }])
  expect(await post("/v1/cache/invalidate", { route: "faq" })).toMatchObject({ status: 200, json: { removed: 1 } })
  expect(await store.cache.count({ tenantId, at: new Date() })).toEqual([])
})

test("no body makes the API fail", async () => {
  const { call, submit } = await startWithServices()
  await fc.assert(
    fc.asyncProperty(jsonText, async (body) => {
      const { status, json } = await submit(JSON.parse(body))
      expect([202, 400]).toContain(status)
      if (status === 202)
        expect(await call({ path: `/v1/jobs/${json.id}?expand=input` })).toMatchObject({ status: 200, json: { id: json.id } })
    }),
    { numRuns: 200 },
  )
})

test("metadata of any characters is kept, and jobs are found by it", async () => {
  const { call, submit } = await startWithServices()
  const key = fc.string({ unit: "binary", minLength: 1, maxLength: 5 }).filter((name) => name !== "__proto__")
  const entries = fc.uniqueArray(fc.tuple(key, fc.string({ unit: "binary", maxLength: 5 })), {
    minLength: 1,
    maxLength: 3,
    selector: ([name]) => name,
  })
  await fc.assert(
    fc.asyncProperty(entries, async (pairs) => {
      const metadata = Object.fromEntries(pairs)
      const { json } = await submit({ ...chatJob, metadata })
      expect(json.metadata).toEqual(metadata)
      const query = new URLSearchParams(Object.fromEntries(pairs.map(([name, value]) => [`metadata.${name}`, value])))
      const found = await call({ path: `/v1/jobs?${query}` })
      expect(found.json.data.map((job: { id: string }) => job.id)).toContain(json.id)
    }),
    { numRuns: 100 },
  )
})
