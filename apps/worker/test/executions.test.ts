import { ProviderError } from "@sluice/core"
import { createMemoryTenantDirectory } from "@sluice/core/testing"
import { createCancelJob, queueEntryOf } from "@sluice/engine"
import { connectRedis, createJobSignals } from "@sluice/redis"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { answer, hang, openWorkbench } from "./support/workbench.ts"

const entryOf = (job: Parameters<typeof queueEntryOf>[0]) => queueEntryOf(job, { tenants: createMemoryTenantDirectory() })
const never = new AbortController().signal
const large = "x".repeat(1_200_000)

describe("an execution that was overtaken while it was frozen", () => {
  test.each([
    ["succeeds late", () => Promise.resolve(answer(`loser ${large}`))],
    ["fails late", () => Promise.reject(new Error("the connection is long gone"))],
  ])("and %s changes nothing: one result, one event, the winner's output", async (_how, outcome) => {
    const { store, insert, found, executeAs } = await openWorkbench()
    const job = await insert()
    const entry = { id: job.id, run: 1, route: "chat" }
    const thaw = Promise.withResolvers<void>()
    const loser = await executeAs({
      workerId: "frozen",
      isAlive: false,
      script: async () => {
        await thaw.promise
        return await outcome()
      },
    })
    const frozen = loser(entry, never)
    await vi.waitFor(async () => expect((await found(job)).status).toBe("running"))
    const winner = await executeAs({ workerId: "winner", script: () => Promise.resolve(answer(`winner ${large}`)) })
    expect(await winner(entry, never)).toEqual({ kind: "done" })
    const before = await found(job)
    expect(before).toMatchObject({ status: "succeeded", result: { output: { at: "blob" } } })
    thaw.resolve()
    expect(await frozen).toEqual({ kind: "done" })
    expect(await found(job)).toEqual(before)
    expect(before.events).toHaveLength(1)

    const output = before.status === "succeeded" && before.result.output.at === "blob" ? before.result.output : null
    const blob = await store.blobs.get({ id: output?.blobId ?? "", tenantId: job.tenantId })
    expect(Buffer.from(blob?.bytes ?? []).toString()).toContain('"text":"winner ')
    expect(blob?.bytes.length).toBe(output?.bytes)
  })

  test("is stopped in mid-call once its process goes on", async () => {
    const { store, insert, found, executeAs } = await openWorkbench()
    const job = await insert()
    let isAborted = false
    const execute = await executeAs({
      workerId: "w-1",
      script: async (call) => {
        call.signal.addEventListener("abort", () => {
          isAborted = true
        })
        return await hang(call)
      },
    })
    const executing = execute({ id: job.id, run: 1, route: "chat" }, never)
    await vi.waitFor(async () => expect((await found(job)).status).toBe("running"))
    await store.jobs.claim({ id: job.id, run: 1, claim: { token: "other", workerId: "w-2", at: new Date() } })
    expect(await executing).toEqual({ kind: "done" })
    expect(isAborted).toBe(true)
    expect(await found(job)).toMatchObject({ status: "running", claim: { token: "other" } })
  })
})

describe("cancelling", () => {
  async function setUp() {
    const workbench = await openWorkbench()
    const { server, store, queue, insert } = workbench
    // Another process, with connections of its own.
    const redis = connectRedis({ url: server.url, onError: () => undefined })
    onTestFinished(() => redis.close())
    await vi.waitFor(() => redis.ping())
    const clock = () => new Date()
    const cancelJob = createCancelJob({ store: store.jobs, queue, signals: createJobSignals({ redis }), clock })
    const quietly = createCancelJob({ store: store.jobs, queue, signals: silent, clock })
    const job = await insert()
    return { ...workbench, job, cancelJob, quietly }
  }

  test.each(["signal", "look at the store"])(
    "aborts the provider's call from another process within a second or so, by a %s",
    async (how) => {
      const { job, queue, found, startWorker, cancelJob, quietly } = await setUp()
      let abortedAt = 0
      await startWorker({
        workerId: "w-1",
        script: async (call) => {
          call.signal.addEventListener("abort", () => {
            abortedAt = performance.now()
          })
          return await hang(call)
        },
      })
      await queue.enqueue([entryOf(job)])
      await vi.waitFor(async () => expect((await found(job)).status).toBe("running"))
      const cancelledAt = performance.now()
      expect(await (how === "signal" ? cancelJob : quietly)(job)).toMatchObject({ kind: "cancelled" })
      await vi.waitFor(() => expect(abortedAt).toBeGreaterThan(0), { timeout: 5_000 })
      process.stdout.write(`aborted by a ${how} after ${Math.round(abortedAt - cancelledAt)} ms\n`)
      const ended = await found(job)
      expect(ended).toMatchObject({ status: "cancelled", events: [{ type: "job.cancelled" }] })
      expect(await cancelJob(job)).toMatchObject({ kind: "already_final" })
    },
  )

  test("takes a job out of the line, so that it never runs", async () => {
    const { job, queue, inventory, found, cancelJob } = await setUp()
    const delayed = { ...job, notBefore: new Date(Date.now() + 50_000) }
    await queue.enqueue([entryOf(delayed)])
    expect(await cancelJob(job)).toMatchObject({ kind: "cancelled" })
    await vi.waitFor(async () => expect((await inventory.missing([job])).absent).toHaveLength(1))
    expect(await found(job)).toMatchObject({ status: "cancelled", startedAt: null })
  })
})

describe("a deadline", () => {
  test("that passes before the start expires the job, without a call", async () => {
    const { insert, found, executeAs } = await openWorkbench()
    const job = await insert({ deadline: new Date(Date.now() - 1) })
    let calls = 0
    const execute = await executeAs({
      workerId: "w-1",
      script: () => {
        calls += 1
        return Promise.resolve(answer("late"))
      },
    })
    expect(await execute({ id: job.id, run: 1, route: "chat" }, never)).toEqual({ kind: "done" })
    expect(await found(job)).toMatchObject({ status: "expired", error: { type: "deadline_exceeded" } })
    expect(calls).toBe(0)
  })

  test("that passes during a call which does not end expires the job by the reconciler, and the call is aborted", async () => {
    const { insert, found, executeAs, sweepAs } = await openWorkbench()
    const job = await insert({ deadline: new Date(Date.now() + 60_000) })
    const execute = await executeAs({ workerId: "w-1", script: hang })
    const executing = execute({ id: job.id, run: 1, route: "chat" }, never)
    await vi.waitFor(async () => expect((await found(job)).status).toBe("running"))
    const repairs = await sweepAs("a", { clock: () => new Date(Date.now() + 66_000) })()
    expect(repairs).toMatchObject({ repairs: { expired: 1 } })
    expect(await executing).toEqual({ kind: "done" })
    expect(await found(job)).toMatchObject({ status: "expired", events: [{ type: "job.expired" }] })
  })
})

test("whatever a provider returns, the job fits its document", async () => {
  const { store, insert, found, executeAs } = await openWorkbench()
  const content = "i".repeat(8 * 1024 * 1024 - 1_000)
  const job = await insert({ work: { kind: "chat", input: { messages: [{ role: "user", content }] } } })
  const endless = "n".repeat(17_000_000)
  let calls = 0
  const execute = await executeAs({
    workerId: "w-1",
    script: () => {
      calls += 1
      const told = { providerRequestId: endless, httpStatus: 503 }
      if (calls === 1) return Promise.reject(new ProviderError({ type: "overloaded", message: endless, providerCode: endless, ...told }))
      return Promise.resolve({ ...answer(endless), model: endless, providerRequestId: endless })
    },
  })
  await vi.waitFor(async () => expect(await execute({ id: job.id, run: 1, route: "chat" }, never)).toEqual({ kind: "done" }), {
    timeout: 20_000,
  })
  const ended = await found(job)
  expect(ended).toMatchObject({ status: "succeeded", attemptCount: 2, result: { output: { at: "blob", bytes: expect.any(Number) } } })
  const { work: _work, ...rest } = ended
  expect(JSON.stringify(rest).length).toBeLessThan(10_000)
  const blobId = ended.status === "succeeded" && ended.result.output.at === "blob" ? ended.result.output.blobId : ""
  expect((await store.blobs.get({ id: blobId, tenantId: job.tenantId }))?.bytes.length).toBeGreaterThan(endless.length)
})

test("a job that is to run later runs then, not before", async () => {
  const { insert, queue, found, startWorker } = await openWorkbench()
  const notBefore = new Date(Date.now() + 1_500)
  const job = await insert({ notBefore })
  let calledAt = 0
  await startWorker({
    workerId: "w-1",
    script: () => {
      calledAt = Date.now()
      return Promise.resolve(answer("ok"))
    },
  })
  // Whatever the queue says, the store decides.
  await queue.enqueue([{ ...entryOf(job), notBefore: null }])
  await vi.waitFor(async () => expect((await found(job)).status).toBe("succeeded"), { timeout: 10_000 })
  expect(calledAt).toBeGreaterThanOrEqual(notBefore.getTime())
})

const silent = {
  announceFinished: () => undefined,
  onFinished: () => () => undefined,
  announceCancelled: () => undefined,
  onCancelled: () => () => undefined,
}

test("a claim that was carried out after its worker had given up does not hold the job as long as the worker lives", async () => {
  const { store, insert, found, startWorker, sweepUntil } = await openWorkbench()
  const job = await insert()
  await startWorker({ workerId: "w-1", script: () => Promise.resolve(answer("done")) })
  const at = new Date(Date.now() - 30_000)
  await store.jobs.claim({ id: job.id, run: 1, claim: { token: "nobody knows", workerId: "w-1", at } })
  await sweepUntil(async () => (await found(job)).status === "succeeded")
})
