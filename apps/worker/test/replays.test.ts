import { type ChildProcess, spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { ErrorType, ReplayRequest } from "@sluice/core"
import { createMemoryTenantDirectory, sampleFailure, sampleJob, sampleSuccess } from "@sluice/core/testing"
import { createCreateReplay, createReplayRunner } from "@sluice/engine"
import { connectRedis, createJobQueue, createRouteWorker } from "@sluice/redis"
import { connectStore, type Store } from "@sluice/store"
import { describe, expect, inject, onTestFinished, test } from "vitest"
import { fanOutOf } from "./support/fan-out-of.ts"

declare module "vitest" {
  export interface ProvidedContext {
    mongodbUrl: string
    redisUrl: string
  }
}

const tenantId = "default"
const causes: readonly (readonly [type: ErrorType, endpoint: string | null])[] = [
  ["overloaded", "a"],
  ["timeout", "a"],
  ["timeout", "b"],
  ["invalid_input", "b"],
  ["deadline_exceeded", null],
]
const clock = () => new Date()

async function setUp() {
  const [url, redisUrl] = [inject("mongodbUrl"), inject("redisUrl")]
  const [database, namespace] = [`sluice-test-${randomUUID()}`, `test-${randomUUID()}`]
  const store = await connectStore({ url, database })
  const redis = connectRedis({ url: redisUrl, namespace, onError: () => {} })
  onTestFinished(async () => {
    await redis.close()
    await store.close()
  })
  await expect
    .poll(() =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
  const queue = createJobQueue({ redis })
  const createReplay = createCreateReplay({ ...store, catalog: () => ({ routes: {} }), clock })
  return {
    store,
    queue,
    /** Executes jobs as a worker would, each successfully, and tells of each execution. */
    executions() {
      const executed: string[] = []
      createRouteWorker({
        redis,
        route: "chat",
        concurrency: 200,
        process: async ({ id, run }) => {
          const token = randomUUID()
          const claimed = await store.jobs.claim({ id, run, claim: { token, workerId: "w", at: clock() } })
          if (claimed.kind !== "claimed") return { kind: "done" }
          executed.push(`${id}-${run}`)
          await store.jobs.finish({ id, run, token, ending: sampleSuccess({ at: clock(), eventId: `evt_${id}_${run}` }) })
          return { kind: "done" }
        },
      })
      return executed
    },
    async replay(body: Partial<ReplayRequest>): Promise<string> {
      const made = await createReplay({ tenantId, by: "admin", requestId: null, body: { dryRun: false, perSecond: 1_000, ...body } })
      if (made.kind !== "created") throw new Error("The replay was not made.")
      return made.replay.id
    },
    runner: () => {
      const child = spawn(process.execPath, [
        fileURLToPath(new URL("support/replay-process.ts", import.meta.url)),
        url,
        database,
        redisUrl,
        namespace,
      ])
      onTestFinished(() => kill(child))
      return child
    },
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill("SIGKILL")
  await once(child, "exit")
}

/** Jobs that have failed, of mixed causes. */
async function die(store: Store, count: number, { areTold = false } = {}): Promise<string[]> {
  const ids: string[] = []
  // All at once would take a busy database longer than a write may take.
  while (ids.length < count) {
    const dead = await dieTogether(store, Math.min(500, count - ids.length))
    if (areTold) await store.jobs.markFannedOut(dead.map((jobId) => ({ jobId, eventId: `evt_${jobId}_1` })))
    ids.push(...dead)
  }
  return ids
}

async function dieTogether({ jobs }: Store, count: number): Promise<string[]> {
  const dead = Array.from({ length: count }, () => sampleJob({ tenantId, createdAt: clock() }))
  await Promise.all(dead.map((job) => jobs.insert(job)))
  await Promise.all(
    dead.map(async (job, index) => {
      const [type = "overloaded", endpoint = null] = causes[index % causes.length] ?? []
      const error = { ...sampleFailure().error, type, endpoint, message: `${endpoint}: ${type}` }
      await jobs.abandon({ id: job.id, run: 1, ending: sampleFailure({ at: clock(), eventId: `evt_${job.id}_1`, error }) })
    }),
  )
  return dead.map(({ id }) => id)
}

const all = { filter: { state: "open" } } as const
const openOnes = { filter: { tenantId, state: "open" }, by: "errorType" } as const

describe("replays on real services", () => {
  test("of 5,000 dead letters: killed in the middle, continued by two at once, each job run once more and no more", {
    timeout: 120_000,
  }, async ({ annotate }) => {
    const { store, executions, replay, runner } = await setUp()
    const ids = await die(store, 5_000, { areTold: true })
    const startedAt = performance.now()
    const groups = await store.deadLetters.summarise(openOnes)
    await annotate(`summary of 5,000 dead letters: ${Math.round(performance.now() - startedAt)} ms`)
    expect(groups).toEqual([
      { key: "timeout", count: 2_000 },
      { key: "deadline_exceeded", count: 1_000 },
      { key: "invalid_input", count: 1_000 },
      { key: "overloaded", count: 1_000 },
    ])

    const executed = executions()
    const id = await replay({ filter: { createdBefore: new Date(Date.now() + 60_000).toISOString() } })
    const progress = async () => (await store.deadLetters.progressOf({ tenantId, replayId: id })).requeued
    const killed = runner()
    await expect.poll(progress, { timeout: 30_000, interval: 20 }).toBeGreaterThan(500)
    await kill(killed)
    const reached = await progress()
    expect(reached).toBeLessThan(5_000)

    runner()
    runner()
    await expect
      .poll(async () => (await store.replays.find({ tenantId, id }))?.status, { timeout: 90_000, interval: 200 })
      .toBe("completed")
    expect(await store.replays.find({ tenantId, id })).toMatchObject({
      matched: 5_000,
      progress: { requeued: 5_000, succeeded: 5_000, failed: 0 },
    })
    expect(executed.toSorted()).toEqual(ids.map((jobId) => `${jobId}-2`).toSorted())
    expect(await store.deadLetters.summarise(openOnes)).toEqual([])
    expect(await store.deadLetters.summarise({ filter: { tenantId, state: "resolved" }, by: "route" })).toEqual([
      { key: "chat", count: 5_000 },
    ])
  })

  test("two that take each other for dead replay nothing twice, and a cause alone", async () => {
    const { store, queue, replay } = await setUp()
    await die(store, 500)
    const id = await replay({ filter: { errorType: "timeout" } })
    const runnerAs = (holder: string) =>
      createReplayRunner({
        ...store,
        deliveries: null,
        fanOut: fanOutOf(store),
        queue,
        tenants: createMemoryTenantDirectory(),
        clock,
        holder,
        leases: { ...store.leases, acquire: () => Promise.resolve(true) },
        observer: {
          letterFailed: ({ error }) => expect.fail(String(error)),
          replayInterrupted: ({ error }) => expect.fail(String(error)),
          replayEnded: () => undefined,
        },
      })
    const [one, other] = [runnerAs("a"), runnerAs("b")]
    const isRequeued = async () => {
      await Promise.all([one(), other()])
      return (await store.replays.find({ tenantId, id }))?.isRequeued
    }
    await expect.poll(isRequeued, { timeout: 20_000 }).toBe(true)
    const jobs = await store.jobs.list({ filter: { tenantId }, before: null, limit: 1_000 })
    const runs = Map.groupBy(jobs, ({ run }) => run)
    expect([runs.get(1)?.length, runs.get(2)?.length, runs.size]).toEqual([300, 200, 2])
    expect(runs.get(2)?.every(({ deadLetter }) => deadLetter?.error.type === "timeout" && deadLetter.replays.length === 1)).toBe(true)
  })

  test("a cancelled one starts nothing more", async () => {
    const { store, replay, runner } = await setUp()
    await die(store, 600)
    const id = await replay({ ...all, perSecond: 100 })
    runner()
    const progress = async () => (await store.deadLetters.progressOf({ tenantId, replayId: id })).requeued
    await expect.poll(progress, { timeout: 30_000, interval: 50 }).toBeGreaterThan(0)
    expect(await store.replays.cancel({ tenantId, id, at: clock() })).toMatchObject({ status: "cancelled" })
    // A batch may have been under way.
    await expect.poll(async () => (await store.replays.find({ tenantId, id }))?.progress.requeued, { timeout: 10_000 }).toBeGreaterThan(0)
    const stopped = await progress()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(await progress()).toBe(stopped)
    expect(stopped).toBeLessThan(600)
  })
})
