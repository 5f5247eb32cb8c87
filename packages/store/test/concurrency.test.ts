import type { Job } from "@sluice/core"
import { sampleFailure, sampleJob, sampleSuccess } from "@sluice/core/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const at = new Date("2026-01-01T00:00:01.000Z")

/** Two stores are two processes: nothing of theirs travels together. */
describe("two processes on one database", () => {
  let one: TestStore
  let other: TestStore
  beforeAll(async () => {
    one = await openTestStore()
    other = await openTestStore({ database: one.database })
  })
  afterAll(async () => {
    await other.close()
    await one.close()
  })
  const storeOf = (index: number) => (index % 2 === 0 ? one : other)
  const found = ({ tenantId, id }: Job) => one.jobs.find({ tenantId, id })
  const claimBy = (store: TestStore, { id }: Job, token: string) => store.jobs.claim({ id, run: 1, claim: { token, workerId: "w", at } })

  test("a hundred inserts with one idempotency key make one job", async () => {
    const key = { idempotencyKey: "same", idempotencyExpiresAt: new Date(at.getTime() + 60_000), requestHash: "h", tenantId: "idempotent" }
    const jobs = Array.from({ length: 100 }, () => sampleJob(key))
    const outcomes = await Promise.all(jobs.map((job, index) => storeOf(index).jobs.insert(job)))
    const winner = jobs[outcomes.findIndex(({ kind }) => kind === "inserted")]
    expect(outcomes.filter(({ kind }) => kind === "inserted")).toHaveLength(1)
    expect(new Set(outcomes.map((outcome) => (outcome.kind === "existing" ? outcome.job.id : winner?.id)))).toEqual(new Set([winner?.id]))
    expect(await one.jobs.list({ filter: { tenantId: "idempotent" }, before: null, limit: 10 })).toHaveLength(1)
  })

  test("an expired key taken over by many at once goes to one of them", async () => {
    const expired = { idempotencyKey: "k", idempotencyExpiresAt: at, requestHash: "h", tenantId: "expired" }
    await one.jobs.insert(sampleJob(expired))
    const fresh = { ...expired, createdAt: new Date(at.getTime() + 1), idempotencyExpiresAt: new Date(at.getTime() + 60_000) }
    const jobs = Array.from({ length: 50 }, () => sampleJob(fresh))
    const outcomes = await Promise.all(jobs.map((job, index) => storeOf(index).jobs.insert(job)))
    expect(outcomes.filter(({ kind }) => kind === "inserted")).toHaveLength(1)
  })

  test("the same job inserted by both is one job, and accepted for both", async () => {
    const jobs = Array.from({ length: 100 }, () => sampleJob({ tenantId: "twice" }))
    const outcomes = await Promise.all(jobs.flatMap((job) => [one.jobs.insert(job), other.jobs.insert(job)]))
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["inserted"]))
    expect(await one.jobs.list({ filter: { tenantId: "twice" }, before: null, limit: 200 })).toHaveLength(100)
  })

  test("a hundred claims of one job leave one holder, and every other end is overtaken", async () => {
    const job = sampleJob()
    await one.jobs.insert(job)
    const tokens = Array.from({ length: 100 }, (_, index) => `token-${index}`)
    const claims = await Promise.all(tokens.map((token, index) => claimBy(storeOf(index), job, token)))
    expect(claims.some(({ kind }) => kind === "claimed")).toBe(true)
    const running = await found(job)
    const holder = running?.status === "running" ? running.claim.token : ""
    expect(claims[tokens.indexOf(holder)]).toMatchObject({ kind: "claimed" })
    const others = tokens.filter((token) => token !== holder)
    const refused = await Promise.all(
      others.map((token, index) =>
        storeOf(index).jobs.finish({ id: job.id, run: 1, token, ending: sampleSuccess({ eventId: `evt_${token}` }) }),
      ),
    )
    expect(refused).toEqual(others.map(() => ({ applied: false, refusal: "overtaken" })))
    expect(await one.jobs.finish({ id: job.id, run: 1, token: holder, ending: sampleSuccess() })).toEqual({ applied: true })
  })

  test("bulk writes of the same jobs in opposite orders neither deadlock nor lose or repeat anything", async () => {
    const jobs = Array.from({ length: 300 }, () => sampleJob())
    await Promise.all(jobs.map((job) => one.jobs.insert(job)))
    const endBy = (store: TestStore, order: readonly Job[], side: string) =>
      Promise.all(
        order.map(async ({ id }) => {
          const ending = sampleFailure({ eventId: `evt_${side}_${id}` })
          return [id, await store.jobs.abandon({ id, run: 1, ending })] as const
        }),
      )
    const [ahead, back] = (await Promise.all([endBy(one, jobs, "ahead"), endBy(other, jobs.toReversed(), "back")])).map(
      (entries) => new Map(entries),
    )
    for (const job of jobs) {
      expect([ahead?.get(job.id)?.applied, back?.get(job.id)?.applied].toSorted()).toEqual([false, true])
      expect((await found(job))?.events).toHaveLength(1)
    }
  })

  test("an end and a cancellation at once: the one applies and the other hears of it", async () => {
    const jobs = Array.from({ length: 100 }, () => sampleJob())
    await Promise.all(jobs.map((job) => one.jobs.insert(job)))
    await Promise.all(jobs.map((job) => claimBy(one, job, "t")))
    await Promise.all(
      jobs.map(async (job, index) => {
        const [ended, cancelled] = await Promise.all([
          storeOf(index).jobs.finish({ id: job.id, run: 1, token: "t", ending: sampleSuccess({ eventId: "evt_end" }) }),
          storeOf(index + 1).jobs.cancel({ tenantId: job.tenantId, id: job.id, at, eventId: "evt_cancel" }),
        ])
        const final = await found(job)
        expect(final?.events).toHaveLength(1)
        if (final?.status === "succeeded") expect([ended, cancelled]).toMatchObject([{ applied: true }, { kind: "already_final" }])
        else expect([ended, cancelled]).toMatchObject([{ applied: false, refusal: "finished" }, { kind: "cancelled" }])
      }),
    )
  })
})
