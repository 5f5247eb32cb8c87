import { type Job, StorageUnavailableError } from "@sluice/core"
import { sampleJob, sampleResult, sampleSuccess } from "@sluice/core/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { DocumentTooLargeError } from "../src/errors/document-too-large-error.ts"
import type { LaneReport } from "../src/store-options.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const at = new Date("2026-01-01T00:00:01.000Z")
const mebibyte = 1024 * 1024

describe("group commit", () => {
  let store: TestStore
  const reports: LaneReport[] = []
  beforeAll(async () => {
    store = await openTestStore({ report: (report) => void reports.push(report) })
  })
  afterAll(() => store.close())
  beforeEach(() => {
    store.commands.clear()
    reports.length = 0
  })
  const claim = ({ id }: Job) => store.jobs.claim({ id, run: 1, claim: { token: id, workerId: "w", at } })
  const finish = ({ id }: Job) => store.jobs.finish({ id, run: 1, token: id, ending: sampleSuccess({ eventId: `evt_${id}` }) })
  const find = ({ tenantId, id }: Job) => store.jobs.find({ tenantId, id })
  const sized = (bytes: number) => sampleJob({ work: { kind: "custom", input: "x".repeat(bytes) } })

  test("a thousand lives at once take a few commands", async () => {
    const jobs = Array.from({ length: 1_000 }, () => sampleJob())
    await Promise.all(
      jobs.map(async (job) => {
        expect(await store.jobs.insert(job)).toEqual({ kind: "inserted" })
        expect(await claim(job)).toMatchObject({ kind: "claimed", job: { id: job.id } })
        expect(await finish(job)).toEqual({ applied: true })
        expect(await find(job)).toMatchObject({ id: job.id, status: "succeeded" })
      }),
    )
    const sent = [...store.commands.values()].reduce((sum, count) => sum + count, 0)
    expect(sent).toBeLessThanOrEqual(20)
    expect(reports.map(({ lane }) => lane)).toEqual(["inserts", "claims", "writes"])
    expect(reports.map(({ items }) => items)).toEqual([1_000, 1_000, 1_000])
  })

  test("a write that comes alone goes at once and alone", async () => {
    await store.jobs.insert(sampleJob())
    expect(Object.fromEntries(store.commands)).toEqual({ insert: 1 })
  })

  test("no flush goes over its bounds", async () => {
    const bounded = await openTestStore({ flush: { maxItems: 3, maxBytes: 10_000 }, report: (report) => void reports.push(report) })
    const jobs = [...Array.from({ length: 7 }, () => sampleJob()), ...Array.from({ length: 4 }, () => sized(4_500)), sized(20_000)]
    await Promise.all(jobs.map((job) => bounded.jobs.insert(job)))
    expect(reports.every(({ items, bytes }) => items <= 3 && (items === 1 || bytes <= 10_000))).toBe(true)
    expect(reports.reduce((sum, { items }) => sum + items, 0)).toBe(jobs.length)
    await bounded.close()
  })

  test("writes beyond the bound of what may wait are refused at once, the others done", async () => {
    const bounded = await openTestStore({ flush: { maxWaitingItems: 10 } })
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => bounded.jobs.insert(sampleJob())))
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(10)
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(StorageUnavailableError)
    }
    await bounded.close()
  })

  test("a job that is too large fails alone, with the figures", async () => {
    const small = Array.from({ length: 20 }, () => sampleJob())
    const huge = sized(17 * mebibyte)
    const inserts = Promise.all(small.map((job) => store.jobs.insert(job)))
    const refused: unknown = await store.jobs.insert(huge).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(DocumentTooLargeError)
    expect(String(refused)).toMatch(/Job job_[0-9a-f]+ would take 17,8\d\d,\d{3} bytes; at most 14,680,064 can be stored/)
    expect(new Set((await inserts).map(({ kind }) => kind))).toEqual(new Set(["inserted"]))
    expect(await find(huge)).toBeNull()
  })

  test("a result that outgrows its job's document fails alone, and the job stays as it was", async () => {
    const [large, ...small] = [sized(13 * mebibyte), ...Array.from({ length: 20 }, () => sampleJob())]
    await Promise.all([large, ...small].map((job) => store.jobs.insert(job)))
    await Promise.all([large, ...small].map(claim))
    const result = sampleResult("y".repeat(4 * mebibyte))
    const refused = store.jobs
      .finish({ id: large.id, run: 1, token: large.id, ending: sampleSuccess({ result }) })
      .catch((error: unknown) => error)
    expect(await Promise.all(small.map(finish))).toEqual(small.map(() => ({ applied: true })))
    expect(await refused).toBeInstanceOf(DocumentTooLargeError)
    expect(await find(large)).toMatchObject({ status: "running", attemptCount: 0 })
    expect(await finish(large)).toEqual({ applied: true })
  })

  test("those that lose among many are told so, the others not", async () => {
    const jobs = Array.from({ length: 100 }, () => sampleJob())
    await Promise.all(jobs.map((job) => store.jobs.insert(job)))
    await Promise.all(jobs.map(claim))
    const outcomes = await Promise.all(
      jobs.map(({ id }, index) => {
        const token = index % 10 === 0 ? "someone else's" : id
        return store.jobs.finish({ id, run: 1, token, ending: sampleSuccess({ eventId: `evt_${id}` }) })
      }),
    )
    const expected = jobs.map((_, index) => (index % 10 === 0 ? { applied: false, refusal: "overtaken" } : { applied: true }))
    expect(outcomes).toEqual(expected)
  })
})
