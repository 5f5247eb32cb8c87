import { type Job, maxRescues, ProviderError } from "@sluice/core"
import { createMemoryTenantDirectory, sampleJob } from "@sluice/core/testing"
import { queueEntryOf } from "@sluice/engine"
import { describe, expect, test, vi } from "vitest"
import { answer, hang, openWorkbench } from "./support/workbench.ts"

type Workbench = Awaited<ReturnType<typeof openWorkbench>>

const entryOf = (job: Parameters<typeof queueEntryOf>[0]) => queueEntryOf(job, { tenants: createMemoryTenantDirectory() })
const ago = (ms: number) => new Date(Date.now() - ms)

async function hasEnded({ found }: Workbench, job: Job): Promise<boolean> {
  return !["queued", "running"].includes((await found(job)).status)
}

/** As a worker that was killed long ago has left it. */
async function claimedByTheDead({ store, insert }: Workbench, overrides: Parameters<Workbench["insert"]>[0] = {}) {
  const job = await insert(overrides)
  const claim = { token: "dead", workerId: "dead", at: ago(60_000) }
  expect(await store.jobs.claim({ id: job.id, run: 1, claim })).toMatchObject({ kind: "claimed" })
  return job
}

/** The queue is whole: a look must not take it for one that lost its memory. */
async function settled(): Promise<Workbench> {
  const workbench = await openWorkbench()
  await workbench.inventory.refill(() => Promise.resolve())
  return workbench
}

describe("a Redis that has lost its memory", () => {
  test("is refilled with 10,000 outstanding jobs within seconds, and with what is due later", async () => {
    const workbench = await openWorkbench()
    const { store, redis, inventory, insert, sweepAs } = workbench
    const jobs = Array.from({ length: 10_000 }, () => sampleJob({ createdAt: new Date() }))
    await Promise.all(jobs.map((job) => store.jobs.insert(job)))
    const soon = await insert({ notBefore: new Date(Date.now() + 30_000) })
    const sweep = sweepAs("leader")
    await sweep()
    expect(await inventory.missing(jobs)).toEqual({ absent: [], stranded: [] })
    await redis.producer.flushall()
    expect((await inventory.missing([...jobs, soon])).absent).toHaveLength(10_001)

    const startedAt = performance.now()
    expect(await sweep()).toMatchObject({ repairs: { rebuilt: 10_001 } })
    const seconds = (performance.now() - startedAt) / 1_000
    process.stdout.write(`10,001 jobs were in the queue again after ${seconds.toFixed(2)} s\n`)
    expect(await inventory.missing([...jobs, soon])).toEqual({ absent: [], stranded: [] })
    expect(seconds).toBeLessThan(20)
  })

  test("while jobs run: the living finish theirs once, what is handed back comes back, the rest goes on", async () => {
    const workbench = await settled()
    const { redis, queue, insert, found, startWorker, sweepUntil } = workbench
    const gate = Promise.withResolvers<void>()
    const calls = new Map<string, number>()
    await startWorker({
      workerId: "w-1",
      script: async ({ idempotencyKey, work }) => {
        calls.set(idempotencyKey, (calls.get(idempotencyKey) ?? 0) + 1)
        await gate.promise
        const isShaky = JSON.stringify(work).includes("shaky") && calls.get(idempotencyKey) === 1 && idempotencyKey.endsWith("-1-1")
        if (isShaky) throw new ProviderError({ type: "overloaded", message: "busy", httpStatus: 503 })
        return answer("ok")
      },
    })
    const work = (content: string) => ({ kind: "chat" as const, input: { messages: [{ role: "user" as const, content }] } })
    const [steady, shaky] = [await insert({ work: work("steady") }), await insert({ work: work("shaky") })]
    await queue.enqueue([steady, shaky].map(entryOf))
    await vi.waitFor(() => expect(calls.size).toBe(2))
    await redis.producer.flushall()
    const waiting = await insert()
    gate.resolve()
    await sweepUntil(async () => (await Promise.all([steady, shaky, waiting].map((job) => hasEnded(workbench, job)))).every(Boolean))
    for (const job of [steady, shaky, waiting]) {
      const ended = await found(job)
      expect(ended).toMatchObject({ status: "succeeded", rescues: 0, attemptCount: job === shaky ? 2 : 1 })
      expect(ended.events).toHaveLength(1)
    }
    expect(calls.get(`${steady.id}-1-1`)).toBe(1)
  })
})

describe("what nobody has put in the queue", () => {
  test("is enqueued when it is due, and runs", async () => {
    const workbench = await settled()
    const { insert, found, startWorker, sweepUntil } = workbench
    await startWorker({ workerId: "w-1", script: () => Promise.resolve(answer("ok")) })
    const job = await insert({ enqueueDueAt: ago(0) })
    expect(await sweepUntil(() => hasEnded(workbench, job))).toMatchObject({ enqueued: 1 })
    expect(await found(job)).toMatchObject({ status: "succeeded" })
  })

  test("is enqueued a minute before the time it was submitted for, and not earlier", async () => {
    const { insert, inventory, sweepAs } = await settled()
    const runAt = new Date(Date.now() + 120_000)
    const farOff = await insert({ notBefore: runAt, enqueueDueAt: new Date(runAt.getTime() - 60_000) })
    await sweepAs("a")()
    expect((await inventory.missing([farOff])).absent).toHaveLength(1)
    const nearly = () => new Date(Date.now() + 60_500)
    expect(await sweepAs("a", { clock: nearly })()).toMatchObject({ repairs: { enqueued: 1 } })
    expect((await inventory.missing([farOff])).absent).toHaveLength(0)
  })

  test("is found when only its entry's hash is left, in no line", async () => {
    const workbench = await settled()
    const { redis, queue, insert, startWorker, sweepUntil } = workbench
    const job = await insert({ enqueueDueAt: ago(0) })
    await queue.enqueue([entryOf(job)])
    await redis.producer.zrem("sluice:{route-chat}:prioritized", `${job.id}-1`)
    await startWorker({ workerId: "w-1", script: () => Promise.resolve(answer("ok")) })
    expect(await sweepUntil(() => hasEnded(workbench, job))).toMatchObject({ enqueued: 1 })
  })

  test("of which nobody knows is found by the scrub", async () => {
    const workbench = await settled()
    const { insert, startWorker, sweepUntil } = workbench
    const job = await insert()
    await startWorker({ workerId: "w-1", script: () => Promise.resolve(answer("ok")) })
    expect(await sweepUntil(() => hasEnded(workbench, job))).toMatchObject({ requeued: 1 })
  })
})

describe("healthy jobs are left alone", () => {
  test("waiting, delayed and running, whatever is looked for: no entry moves and no document changes", async () => {
    const { redis, queue, insert, found, startWorker, sweepAs } = await settled()
    const running = await insert()
    await queue.enqueue([entryOf(running)])
    const gate = Promise.withResolvers<void>()
    const { stop } = await startWorker({
      workerId: "w-1",
      script: async () => {
        await gate.promise
        return answer("ok")
      },
    })
    await vi.waitFor(async () => expect((await found(running)).status).toBe("running"))
    const other = { route: "other" }
    const waiting = await insert({ ...other, enqueueDueAt: ago(1_000) })
    const delayed = await insert({ ...other, notBefore: new Date(Date.now() + 30_000), enqueueDueAt: ago(0) })
    await queue.enqueue([waiting, delayed].map(entryOf))
    const lines = () =>
      Promise.all(["prioritized", "delayed"].map((line) => redis.producer.zrange(`sluice:{route-other}:${line}`, 0, "-1", "WITHSCORES")))
    const before = await lines()
    const runningBefore = await found(running)
    // The claim is older than any grace, and the leader may be wrong about its own lead.
    const sweeps = ["a", "b"].map((holder) => {
      const everybody = { acquire: () => Promise.resolve(true), release: () => Promise.resolve() }
      return sweepAs(holder, { leases: everybody, clock: () => new Date(Date.now() + 25_000) })
    })
    const reports = await Promise.all(sweeps.map((sweep) => sweep()))
    for (const { repairs } of reports) for (const kind of Object.keys(repairs)) expect(kind).toBe("parked")
    expect(await lines()).toEqual(before)
    expect(await found(running)).toEqual(runningBefore)
    gate.resolve()
    await vi.waitFor(async () => expect((await found(running)).status).toBe("succeeded"))
    await stop()
  })

  test("a job whose worker is silent is left to the queue that holds its entry, and to a worker that lives", async () => {
    const workbench = await settled()
    const { store, queue, found, sweepAs } = workbench
    const held = await claimedByTheDead(workbench)
    await queue.enqueue([entryOf(held)])
    const ofTheLiving = await claimedByTheDead(workbench)
    await store.workers.beat({ workerId: "living", ttlMs: 60_000 })
    await store.jobs.claim({ id: ofTheLiving.id, run: 1, claim: { token: "t", workerId: "living", at: ago(50_000) } })
    expect(await sweepAs("a")()).toEqual({ led: true, repairs: {} })
    expect((await found(held)).status).toBe("running")
    expect(await found(ofTheLiving)).toMatchObject({ status: "running", claim: { token: "t" } })
  })

  test("nothing is taken for lost while Redis does not answer", async () => {
    const workbench = await settled()
    const { server, redis, found, sweepAs } = workbench
    const job = await claimedByTheDead(workbench)
    process.kill(server.pid, "SIGSTOP")
    expect(await sweepAs("a")()).toEqual({ led: true, repairs: {} })
    expect(await found(job)).toMatchObject({ status: "running", rescues: 0 })
    process.kill(server.pid, "SIGCONT")
    await vi.waitFor(() => redis.ping(), { timeout: 10_000 })
    expect(await sweepAs("a")()).toMatchObject({ repairs: { rescued: 1, enqueued: 1 } })
  })
})

describe("a job whose worker was killed and whose entry is gone", () => {
  test("is rescued and finished by another worker; two leaders rescue it once", async () => {
    const workbench = await settled()
    const { found, startWorker, sweepAs, sweepUntil } = workbench
    const job = await claimedByTheDead(workbench)
    const everybody = { acquire: () => Promise.resolve(true), release: () => Promise.resolve() }
    const reports = await Promise.all(["a", "b"].map((holder) => sweepAs(holder, { leases: everybody })()))
    expect(reports.reduce((sum, { repairs }) => sum + (repairs.rescued ?? 0), 0)).toBe(1)
    await startWorker({ workerId: "w-2", script: () => Promise.resolve(answer("ok")) })
    await sweepUntil(() => hasEnded(workbench, job))
    const ended = await found(job)
    expect(ended).toMatchObject({ status: "succeeded", rescues: 1 })
    expect(ended.events).toHaveLength(1)
  })

  test("fails as worker_lost when it was lost too often in a row: by the reconciler, or by the next worker", async () => {
    const workbench = await settled()
    const { queue, found, startWorker, sweepAs } = workbench
    const [swept, taken] = [
      await claimedByTheDead(workbench, { rescues: maxRescues }),
      await claimedByTheDead(workbench, { rescues: maxRescues }),
    ]
    await queue.enqueue([entryOf(taken)])
    expect(await sweepAs("a")()).toMatchObject({ repairs: { lost: 1 } })
    let calls = 0
    await startWorker({
      workerId: "w-2",
      script: () => {
        calls += 1
        return Promise.resolve(answer("ok"))
      },
    })
    await vi.waitFor(async () => expect((await found(taken)).status).toBe("failed"))
    for (const job of [swept, taken])
      expect(await found(job)).toMatchObject({ error: { type: "worker_lost" }, events: [{ type: "job.failed" }] })
    expect(calls).toBe(0)
  })

  test("after its result was written: the entry that is left is finished without a call", async () => {
    const { store, queue, redis, insert, startWorker } = await settled()
    const job = await insert()
    await store.jobs.cancel({ ...job, at: new Date(), eventId: "evt_1" })
    await queue.enqueue([entryOf(job)])
    let calls = 0
    await startWorker({
      workerId: "w-1",
      script: (call) => {
        calls += 1
        return hang(call)
      },
    })
    await vi.waitFor(async () => expect(await redis.producer.exists(`sluice:{route-chat}:${job.id}-1`)).toBe(0))
    expect(calls).toBe(0)
  })

  test("before the insert of its job was visible: an entry without a job is finished without harm", async () => {
    const { queue, redis, startWorker } = await settled()
    const job = sampleJob()
    await queue.enqueue([entryOf(job)])
    await startWorker({ workerId: "w-1", script: hang })
    await vi.waitFor(async () => expect(await redis.producer.exists(`sluice:{route-chat}:${job.id}-1`)).toBe(0))
  })
})
