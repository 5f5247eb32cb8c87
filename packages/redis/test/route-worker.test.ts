import type { ProcessEntry, ProcessOutcome } from "@sluice/core"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { createJobQueue, createRouteWorker, type RouteWorkerOptions, WorkerDraining } from "../src/index.ts"
import { connectForTest, connectToSharedRedis, keysOf, untilAnswering } from "./support/connect.ts"
import { newEntries, newEntry } from "./support/entries.ts"
import { createRedisServer } from "./support/redis-server.ts"

const done: ProcessOutcome = { kind: "done" }
const again = (at: Date | null = null): ProcessOutcome => ({ kind: "again", at })
const inMs = (ms: number): Date => new Date(Date.now() + ms)

async function setUp() {
  const connection = await connectToSharedRedis()
  const { redis, client } = connection
  const startWorker = (process: ProcessEntry, overrides: Partial<RouteWorkerOptions> = {}) =>
    createRouteWorker({ redis, route: "chat", concurrency: 1, process, ...overrides })
  const entryKeys = async (): Promise<string[]> => (await keysOf(client, redis.namespace)).filter((key) => key.includes(":job_"))
  const active = (): Promise<string[]> => client.lrange(`${redis.namespace}:{route-chat}:active`, 0, "-1")
  return { ...connection, queue: createJobQueue({ redis }), startWorker, entryKeys, active }
}

describe("processing", () => {
  test("each entry is processed once, by one of two workers, at most `concurrency` at a time, and leaves nothing behind", async () => {
    const { queue, startWorker, entryKeys } = await setUp()
    const entries = newEntries(200)
    const processed: string[] = []
    const atOnce = { now: 0, max: 0 }
    const process: ProcessEntry = async ({ id, run, route }) => {
      atOnce.now += 1
      atOnce.max = Math.max(atOnce.max, atOnce.now)
      await new Promise((resolve) => setImmediate(resolve))
      processed.push(`${route}/${id}/${run}`)
      atOnce.now -= 1
      return done
    }
    startWorker(process, { concurrency: 4 })
    startWorker(process, { concurrency: 4 })
    await queue.enqueue(entries)

    await vi.waitFor(() => expect(processed.length).toBeGreaterThanOrEqual(entries.length), { timeout: 20_000 })
    await vi.waitFor(async () => expect(await entryKeys()).toEqual([]))
    expect(processed.toSorted()).toEqual(entries.map(({ id, run, route }) => `${route}/${id}/${run}`).toSorted())
    expect(atOnce.max).toBeLessThanOrEqual(8)
  })

  test("an entry that is being processed can neither be removed nor added a second time", async () => {
    const { queue, startWorker, active } = await setUp()
    const gate = Promise.withResolvers<ProcessOutcome>()
    const process = vi.fn<ProcessEntry>(() => gate.promise)
    startWorker(process, { concurrency: 2 })
    const entry = newEntry()
    await queue.enqueue([entry])
    await vi.waitFor(() => expect(process).toHaveBeenCalledOnce())

    await queue.remove(entry)
    await queue.enqueue([entry])
    expect(await active()).toEqual([`${entry.id}-1`])

    gate.resolve(done)
    await vi.waitFor(async () => expect(await active()).toEqual([]))
    expect(process).toHaveBeenCalledOnce()
  })

  test("what is not the entry of a job is removed and reported", async () => {
    const { redis, queue, startWorker, entryKeys, client, errors } = await setUp()
    const entry = newEntry()
    await queue.enqueue([entry])
    const queueKey = `${redis.namespace}:{route-chat}`
    await client.rename(`${queueKey}:${entry.id}-1`, `${queueKey}:job_stranger`)
    await client.zrem(`${queueKey}:prioritized`, `${entry.id}-1`)
    await client.zadd(`${queueKey}:prioritized`, 1, "job_stranger")
    const process = vi.fn<ProcessEntry>()
    startWorker(process)

    await vi.waitFor(async () => expect(await entryKeys()).toEqual([]))
    expect(process).not.toHaveBeenCalled()
    expect(errors.join("\n")).toContain('"job_stranger" is not the entry of a job')
  })
})

describe("handing back", () => {
  test("survives fifty times, without a time", async () => {
    const { queue, startWorker, entryKeys } = await setUp()
    const entry = newEntry()
    let calls = 0
    startWorker(({ id }) => {
      expect(id).toBe(entry.id)
      calls += 1
      return Promise.resolve(calls <= 50 ? again() : done)
    })
    await queue.enqueue([entry])

    await vi.waitFor(() => expect(calls).toBe(51), { timeout: 20_000 })
    await vi.waitFor(async () => expect(await entryKeys()).toEqual([]))
  })

  test("with a time the entry is away until then, and others are served meanwhile", async () => {
    const { queue, startWorker } = await setUp()
    const [late, other] = [newEntry(), newEntry()]
    const at = inMs(600)
    const processed: { id: string; atMs: number }[] = []
    startWorker(({ id }) => {
      processed.push({ id, atMs: Date.now() })
      return Promise.resolve(processed.length === 1 ? again(at) : done)
    })
    await queue.enqueue([late, other])

    await vi.waitFor(() => expect(processed.map(({ id }) => id)).toEqual([late.id, other.id, late.id]))
    expect(processed[2]?.atMs).toBeGreaterThanOrEqual(at.getTime())
  })

  test("without a time, or with one in the past, the entry stands at the front of the line", async () => {
    const { queue, startWorker } = await setUp()
    const first = newEntry({ priority: "bulk" })
    const others = newEntries(3, { priority: "interactive" })
    const processed: string[] = []
    const gate = Promise.withResolvers<void>()
    startWorker(async ({ id }) => {
      processed.push(id)
      if (processed.length <= 2) return again(processed.length === 1 ? null : new Date(0))
      // Its time has come again before the next is fetched.
      if (processed.length === 3) await gate.promise
      return done
    })
    await queue.enqueue([first])
    await vi.waitFor(() => expect(processed).toEqual([first.id, first.id, first.id]))
    gate.resolve()
    await queue.enqueue(others)
    await vi.waitFor(() => expect(processed.slice(3)).toEqual(others.map(({ id }) => id)))
  })

  test("wakes a worker that waits for entries", async () => {
    const { queue, startWorker } = await setUp()
    const entry = newEntry()
    const servedBy: string[] = []
    const process =
      (name: string): ProcessEntry =>
      (_entry, signal) => {
        servedBy.push(name)
        if (servedBy.length > 1) return Promise.resolve(done)
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve(again())))
      }
    const first = startWorker(process("first"))
    await first.ready()
    await queue.enqueue([entry])
    await vi.waitFor(() => expect(servedBy).toEqual(["first"]))
    const second = startWorker(process("second"), { drainDelayMs: 60_000 })
    await second.ready()

    await first.close({ graceMs: 0 })
    await vi.waitFor(() => expect(servedBy).toEqual(["first", "second"]))
  })

  test("a rejection is reported, and the entry comes back after a delay that grows", async () => {
    const { redis, queue, startWorker, client, errors } = await setUp()
    const entry = newEntry()
    const calls: number[] = []
    startWorker(() => {
      calls.push(Date.now())
      return calls.length <= 2 ? Promise.reject(new Error(`no luck ${calls.length}`)) : Promise.resolve(done)
    })
    await queue.enqueue([entry])

    await vi.waitFor(async () => expect(await client.zcard(`${redis.namespace}:{route-chat}:delayed`)).toBe(1))
    expect(errors).toEqual([`Job ${entry.id}, run 1, of route chat could not be processed: no luck 1. It is tried again in 1000 ms.`])
    await vi.waitFor(() => expect(calls.length).toBe(3), { timeout: 20_000 })
    expect(errors[1]).toContain("no luck 2. It is tried again in 2000 ms.")
    expect((calls[2] ?? 0) - (calls[1] ?? 0)).toBeGreaterThanOrEqual(2_000)
  })
})

describe("close", () => {
  test("stops fetching, lets what runs finish, and hands the rest to nobody", async () => {
    const { queue, startWorker, active, entryKeys } = await setUp()
    const gate = Promise.withResolvers<ProcessOutcome>()
    const process = vi.fn<ProcessEntry>(() => gate.promise)
    const worker = startWorker(process)
    const [running, waiting] = [newEntry(), newEntry()]
    await queue.enqueue([running, waiting])
    await vi.waitFor(() => expect(process).toHaveBeenCalledOnce())

    const closed = worker.close({ graceMs: 20_000 })
    gate.resolve(done)
    await closed

    expect(process).toHaveBeenCalledOnce()
    expect(await active()).toEqual([])
    expect((await entryKeys()).map((key) => key.split(":").at(-1))).toEqual([`${waiting.id}-1`])
  })

  test("aborts what outlasts the grace period with WorkerDraining; handed back, it is served next", async () => {
    const { queue, startWorker, active } = await setUp()
    const reasons: unknown[] = []
    const worker = startWorker(
      (_entry, signal) => {
        return new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            reasons.push(signal.reason)
            resolve(again())
          })
        })
      },
      { concurrency: 2 },
    )
    const running = newEntries(2, { priority: "bulk" })
    await queue.enqueue(running)
    await vi.waitFor(async () => expect((await active()).length).toBe(2))
    await worker.close({ graceMs: 0 })

    expect(reasons.length).toBe(2)
    for (const reason of reasons) expect(reason).toBeInstanceOf(WorkerDraining)
    expect(reasons[0]).toHaveProperty("name", "WorkerDraining")
    expect(await active()).toEqual([])

    const processed: string[] = []
    await queue.enqueue([newEntry({ priority: "interactive" })])
    startWorker(({ id }) => {
      processed.push(id)
      return Promise.resolve(done)
    })
    await vi.waitFor(() => expect(processed.length).toBe(3))
    expect(processed.slice(0, 2).toSorted()).toEqual(running.map(({ id }) => id).toSorted())
  })

  test("hands back in its stead what does not heed its signal", async () => {
    const { queue, startWorker, active, entryKeys, errors } = await setUp()
    const worker = startWorker(() => new Promise(() => {}), { abortGraceMs: 50 })
    const entry = newEntry()
    await queue.enqueue([entry])
    await vi.waitFor(async () => expect((await active()).length).toBe(1))

    await worker.close({ graceMs: 0 })
    expect(await active()).toEqual([])
    expect((await entryKeys()).length).toBe(1)
    expect(errors.join("\n")).toContain(`Job ${entry.id}, run 1, of route chat did not stop in time`)
  })

  test("can be called twice, and before the worker was ready", async () => {
    const { startWorker } = await setUp()
    const worker = startWorker(() => Promise.resolve(done))
    await Promise.all([worker.close({ graceMs: 1_000 }), worker.close({ graceMs: 0 })])
    await expect(worker.close({ graceMs: 0 })).resolves.toBeUndefined()
  })

  test.each(["killed", "frozen"] as const)("comes to its end while Redis is %s, with an entry running", async (state) => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    await server.start()
    const { redis } = connectForTest({ url: server.url })
    await untilAnswering(redis)
    const gate = Promise.withResolvers<ProcessOutcome>()
    const process = vi.fn<ProcessEntry>(() => gate.promise)
    const worker = createRouteWorker({ redis, route: "chat", concurrency: 2, process })
    await createJobQueue({ redis }).enqueue([newEntry()])
    await vi.waitFor(() => expect(process).toHaveBeenCalledOnce())

    if (state === "killed") await server.kill()
    else server.freeze()
    gate.resolve(done)
    await worker.close({ graceMs: 20_000 })
    await redis.close()
  })

  test("comes to its end when Redis was never there", async () => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    const { redis, errors } = connectForTest({ url: server.url })
    const worker = createRouteWorker({ redis, route: "chat", concurrency: 1, process: () => Promise.resolve(done) })
    await vi.waitFor(() => expect(errors.join("\n")).toContain("(blocking connection): connect ECONNREFUSED"))
    await worker.close({ graceMs: 20_000 })
    await redis.close()
  })
})
