import { type ProcessOutcome, QueueUnavailableError } from "@sluice/core"
import { describe, expect, inject, onTestFinished, test, vi } from "vitest"
import { createJobQueue, createRouteValve, createRouteWorker, type RedisHandle } from "../src/index.ts"
import { connectForTest, connectToSharedRedis, untilAnswering } from "./support/connect.ts"
import { newEntries, newEntry } from "./support/entries.ts"
import { createRedisServer } from "./support/redis-server.ts"

const done: ProcessOutcome = { kind: "done" }
/** So long that a worker which waits for an entry is not the one that ends the wait. */
const drainDelayMs = 60_000

interface Served {
  readonly id: string
  readonly atMs: number
}

/** A worker on a connection of its own, as in another process. */
async function startWorker(redis: RedisHandle, options: { readonly concurrency?: number; readonly route?: string } = {}) {
  const { concurrency = 1, route = "chat" } = options
  const other = connectForTest({ url: inject("redisUrl"), namespace: redis.namespace })
  const served: Served[] = []
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const worker = createRouteWorker({
    redis: other.redis,
    route,
    concurrency,
    drainDelayMs,
    process: async ({ id }) => {
      served.push({ id, atMs: Date.now() })
      await gates.get(id)?.promise
      return done
    },
  })
  await worker.ready()
  return {
    served,
    ids: () => served.map(({ id }) => id),
    /** Has the worker work on this entry until it is let go. */
    hold: (id: string): (() => void) => {
      const gate = Promise.withResolvers<void>()
      gates.set(id, gate)
      return gate.resolve
    },
  }
}

async function setUp() {
  const { redis } = await connectToSharedRedis()
  return { redis, queue: createJobQueue({ redis }), valve: createRouteValve({ redis }) }
}

describe("a closed route", () => {
  test("is fetched from by no worker in any process until its time is over; then all begin again by themselves", async () => {
    const { redis, queue, valve } = await setUp()
    const workers = [await startWorker(redis, { concurrency: 4 }), await startWorker(redis, { concurrency: 4 })]
    const count = (): number => workers.reduce((sum, { served }) => sum + served.length, 0)
    await queue.enqueue(newEntries(50))
    await vi.waitFor(() => expect(count()).toBe(50))

    await valve.close({ route: "chat", forMs: 1_500, extend: false })
    const closedAtMs = Date.now()
    await queue.enqueue(newEntries(200))
    await vi.waitFor(() => expect(count()).toBe(250), { timeout: 20_000 })
    const later = workers.flatMap(({ served }) => served.map(({ atMs }) => atMs)).toSorted((a, b) => a - b)[50] ?? 0
    // Redis' clock and ours may round differently.
    expect(later - closedAtMs).toBeGreaterThanOrEqual(1_450)
    expect(await valve.state(["chat"])).toEqual(new Map())
  })

  test("lets what runs come to its end, and is fetched from again while another entry still runs", async () => {
    const { redis, queue, valve } = await setUp()
    const { ids, hold, served } = await startWorker(redis, { concurrency: 2 })
    const [long, short, next] = [newEntry(), newEntry(), newEntry()]
    const [endLong, endShort] = [hold(long.id), hold(short.id)]
    await queue.enqueue([long, short])
    await vi.waitFor(() => expect(ids()).toEqual([long.id, short.id]))
    const { closedForMs } = await valve.close({ route: "chat", forMs: 800, extend: false })
    expect(closedForMs).toBe(800)
    const closedAtMs = Date.now()
    await queue.enqueue([next])
    endShort()

    await vi.waitFor(() => expect(ids()).toEqual([long.id, short.id, next.id]), { timeout: 20_000 })
    expect((served[2]?.atMs ?? 0) - closedAtMs).toBeGreaterThanOrEqual(750)
    endLong()
  })

  test("serves what came due meanwhile", async () => {
    const { redis, queue, valve } = await setUp()
    const { ids } = await startWorker(redis)
    const entry = newEntry({ notBefore: new Date(Date.now() + 200) })
    await queue.enqueue([entry])
    await valve.close({ route: "chat", forMs: 800, extend: false })
    await vi.waitFor(async () => expect((await valve.state(["chat"])).size).toBe(0), { timeout: 10_000 })
    await vi.waitFor(() => expect(ids()).toEqual([entry.id]), { timeout: 20_000 })
  })

  test("is closed for a worker that starts later, and no other route is", async () => {
    const { redis, queue, valve } = await setUp()
    await valve.close({ route: "chat", forMs: 60_000, extend: false })
    const [closed, open] = [await startWorker(redis), await startWorker(redis, { route: "images" })]
    const [waiting, free] = [newEntry(), newEntry({ route: "images" })]
    await queue.enqueue([waiting, free])
    await vi.waitFor(() => expect(open.ids()).toEqual([free.id]))
    expect(closed.ids()).toEqual([])
    expect(Array.from((await valve.state(["chat", "images"])).keys())).toEqual(["chat"])
  })

  test("can be opened before its time", async () => {
    const { redis, queue, valve } = await setUp()
    const { ids } = await startWorker(redis)
    const [first, second] = newEntries(2)
    await valve.close({ route: "chat", forMs: 600_000, extend: false })
    await queue.enqueue([first ?? newEntry()])
    await vi.waitFor(async () => expect(await redis.producer.zcard(`${redis.namespace}:{route-chat}:marker`)).toBe(0))
    await valve.open("chat")
    await queue.enqueue([second ?? newEntry()])
    await vi.waitFor(() => expect(ids()).toEqual([first?.id, second?.id]), { timeout: 20_000 })
  })

  test("keeps no worker busy", async () => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    await server.start()
    const { redis } = connectForTest({ url: server.url })
    await untilAnswering(redis)
    const valve = createRouteValve({ redis })
    await valve.close({ route: "chat", forMs: 2_000, extend: false })
    await createJobQueue({ redis }).enqueue(newEntries(20))
    const served: string[] = []
    for (let workers = 0; workers < 3; workers += 1) {
      const process = ({ id }: { readonly id: string }): Promise<ProcessOutcome> => Promise.resolve(done).finally(() => served.push(id))
      await createRouteWorker({ redis, route: "chat", concurrency: 10, process }).ready()
    }
    const fetches = async (): Promise<number> => {
      const stats = await redis.producer.info("commandstats")
      return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]) + Number(/cmdstat_eval:calls=(\d+)/.exec(stats)?.[1] ?? 0)
    }
    const before = await fetches()
    await vi.waitFor(async () => expect((await valve.state(["chat"])).size).toBe(0), { timeout: 10_000, interval: 100 })
    // Two looks a second or so by each worker, beside its checks for entries whose worker has gone.
    expect((await fetches()) - before).toBeLessThan(60)
    await vi.waitFor(() => expect(served.length).toBe(20), { timeout: 20_000 })
  })
})

describe("closing again", () => {
  const near = (ms: number) => ({ closedForMs: expect.closeTo(ms, -3) })

  test("with `extend` the later time wins, without it the present one stays", async () => {
    const { valve } = await setUp()
    const close = (forMs: number, extend: boolean) => valve.close({ route: "chat", forMs, extend })
    expect(await close(20_000, false)).toEqual({ closedForMs: 20_000 })
    expect(await close(60_000, false)).toEqual(near(20_000))
    expect(await close(5_000, true)).toEqual(near(20_000))
    expect(await close(60_000, true)).toEqual({ closedForMs: 60_000 })
    expect((await valve.state(["chat"])).get("chat")).toEqual(near(60_000))
    await valve.open("chat")
    expect(await close(5_000, true)).toEqual({ closedForMs: 5_000 })
  })

  test("the count of the workers' own limiter is not taken for a closed route", async () => {
    const { redis, valve } = await setUp()
    await redis.producer.set(`${redis.namespace}:{route-chat}:limiter`, "17", "PX", 60_000)
    expect(await valve.state(["chat"])).toEqual(new Map())
    expect(await valve.close({ route: "chat", forMs: 300, extend: false })).toEqual({ closedForMs: 300 })
  })

  test.each([0.2, -5, 1.5])("for %d ms is closing for a moment", async (forMs) => {
    const { valve } = await setUp()
    expect((await valve.close({ route: "chat", forMs, extend: true })).closedForMs).toBe(Math.max(1, Math.ceil(forMs)))
  })
})

test("without Redis all of it rejects with QueueUnavailableError", async () => {
  const server = await createRedisServer()
  onTestFinished(() => server.dispose())
  const { redis } = connectForTest({ url: server.url })
  const valve = createRouteValve({ redis })
  await expect(valve.close({ route: "chat", forMs: 1, extend: true })).rejects.toBeInstanceOf(QueueUnavailableError)
  await expect(valve.open("chat")).rejects.toBeInstanceOf(QueueUnavailableError)
  await expect(valve.state(["chat"])).rejects.toBeInstanceOf(QueueUnavailableError)
})
