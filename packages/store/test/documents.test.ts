import { jobSchemaVersion, type QueuedJob } from "@sluice/core"
import { sampleFailure, sampleJob, sampleSuccess } from "@sluice/core/testing"
import { MongoClient } from "mongodb"
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest"
import { connectStore, openStore } from "../src/connect-store.ts"
import { createClient } from "../src/connection/create-client.ts"
import { UnknownSchemaVersionError } from "../src/errors/unknown-schema-version-error.ts"
import { jobIndexes } from "../src/indexes/jobs.ts"
import type { JobDocument } from "../src/jobs/job-document.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const at = new Date("2026-01-01T00:00:01.000Z")

describe("documents of a newer release", () => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())

  test("are an error to whoever asks for them, stay untouched, and fail nobody else", async () => {
    const [newer, known] = [sampleJob({ enqueueDueAt: at, deadline: at }), sampleJob()]
    await Promise.all([newer, known].map((job) => store.jobs.insert(job)))
    const collection = store.direct.collection<JobDocument>("jobs")
    await collection.updateOne({ _id: newer.id }, { $set: { schemaVersion: jobSchemaVersion + 1 } })
    const asWritten = await collection.findOne({ _id: newer.id })

    const find = ({ id, tenantId }: { id: string; tenantId: string }) => store.jobs.find({ id, tenantId })
    const claim = { token: "t", workerId: "w", at }
    const [lost, found] = await Promise.allSettled([find(newer), find(known)])
    expect(lost).toMatchObject({ status: "rejected", reason: expect.any(UnknownSchemaVersionError) })
    expect(found).toMatchObject({ status: "fulfilled", value: known })
    await expect(store.jobs.claim({ id: newer.id, run: 1, claim })).rejects.toThrow(UnknownSchemaVersionError)
    await expect(store.jobs.cancel({ ...newer, at, eventId: "evt" })).rejects.toThrow(UnknownSchemaVersionError)
    expect(await store.jobs.findDueToEnqueue({ at, limit: 10 })).toEqual([])
    expect(await store.jobs.findPastDeadline({ at, limit: 10 })).toEqual([])
    expect(await collection.findOne({ _id: newer.id })).toEqual(asWritten)
  })
})

describe("tenants", () => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())

  test("see and cancel nothing of each other, also when their calls travel together", async () => {
    const [a, b] = [sampleJob({ tenantId: "a" }), sampleJob({ tenantId: "b" })]
    await Promise.all([a, b].map((job) => store.jobs.insert(job)))
    const refs = [a, b].flatMap(({ id }) => ["a", "b"].map((tenantId) => ({ id, tenantId })))
    const found = await Promise.all(refs.map((ref) => store.jobs.find(ref)))
    expect(found).toEqual([a, null, null, b])
    const strange = refs.filter((_, index) => found[index] === null)
    const cancelled = await Promise.all(strange.map((ref) => store.jobs.cancel({ ...ref, at, eventId: "evt" })))
    expect(cancelled).toEqual([{ kind: "missing" }, { kind: "missing" }])
    expect(await Promise.all([a, b].map((job) => store.jobs.find(job)))).toEqual([a, b])
  })
})

describe("the document of a job that has ended", () => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())
  const waiting = { reason: "scheduled", endpoint: null, since: at, until: at, refusals: 0 } as const
  const ends: Record<string, (job: QueuedJob) => Promise<unknown>> = {
    finish: async ({ id }) => {
      await store.jobs.claim({ id, run: 1, claim: { token: "t", workerId: "w", at } })
      return store.jobs.finish({ id, run: 1, token: "t", ending: sampleSuccess() })
    },
    abandon: ({ id }) => store.jobs.abandon({ id, run: 1, ending: sampleFailure() }),
    cancel: (job) => store.jobs.cancel({ ...job, at, eventId: "evt" }),
  }

  test.each(Object.entries(ends))("by %s keeps nothing of the states before", async (_how, end) => {
    const job = sampleJob({ notBefore: at, waiting, enqueueDueAt: at })
    await store.jobs.insert(job)
    await end(job)
    const document = await store.direct.collection<JobDocument>("jobs").findOne({ _id: job.id })
    expect(document).toMatchObject({ finishedAt: expect.any(Date) })
    for (const field of ["notBefore", "waiting", "enqueueDueAt", "claim"]) expect(document).not.toHaveProperty(field)
  })
})

describe("indexes", () => {
  test("are there once, however many processes start at once, and enforced from the first write on", async () => {
    const store = await openTestStore()
    const { url, database } = store
    const others = await Promise.all(Array.from({ length: 7 }, () => connectStore({ url, database })))
    const indexes = await store.direct.collection("jobs").indexes()
    expect(indexes.map(({ name }) => name).toSorted()).toEqual(["_id_", ...jobIndexes.map(({ name }) => name)].toSorted())
    const key = { idempotencyKey: "k", idempotencyExpiresAt: new Date(at.getTime() + 60_000), requestHash: "h" }
    const outcomes = await Promise.all([store, ...others].map(({ jobs }) => jobs.insert(sampleJob(key))))
    expect(outcomes.filter(({ kind }) => kind === "inserted")).toHaveLength(1)
    await Promise.all(others.map((other) => other.close()))
    await store.close()
  })

  test("that only older releases need are dropped when asked, and no others", async () => {
    const store = await openTestStore()
    const jobs = store.direct.collection("jobs")
    await jobs.createIndex({ tenantId: 1, createdAt: -1 }, { name: "tenant_created" })
    await jobs.createIndex({ operator: 1 }, { name: "of_the_operator" })
    expect(await store.dropRetiredIndexes()).toEqual(["tenant_created"])
    const names = (await jobs.indexes()).map(({ name }) => name)
    expect(names.toSorted()).toEqual(["_id_", "of_the_operator", ...jobIndexes.map(({ name }) => name)].toSorted())
    expect(await store.dropRetiredIndexes()).toEqual([])
    await store.close()
  })

  test("of another shape are an error that says where and what to do, and leave no connection behind", async () => {
    const url = inject("mongodbUrl")
    const client = new MongoClient(url)
    const database = `sluice-test-conflict-${process.pid}`
    onTestFinished(async () => {
      await client.db(database).dropDatabase()
      await client.close()
    })
    await client.db(database).collection("jobs").createIndex({ somethingElse: 1 }, { name: "tenant_newest" })
    const isClosed = vi.fn()
    const opened = openStore({ url, database }, () => createClient({ url, database }).on("topologyClosed", isClosed))
    await expect(opened).rejects.toThrow(`The indexes of ${database}.jobs cannot be created:`)
    expect(isClosed).toHaveBeenCalledOnce()
  })
})
