import type { ProcessOutcome, QueueEntry } from "@sluice/core"
import { describe, expect, test, vi } from "vitest"
import { createJobQueue, createRouteWorker } from "../src/index.ts"
import { connectToSharedRedis } from "./support/connect.ts"
import { newEntries, newEntry } from "./support/entries.ts"

const done: ProcessOutcome = { kind: "done" }

async function setUp() {
  const { redis } = await connectToSharedRedis()
  const queue = createJobQueue({ redis })
  const tenants = new Map<string, string>()
  const add = async (entries: readonly QueueEntry[]): Promise<void> => {
    for (const { id, tenantId } of entries) tenants.set(id, tenantId)
    for (let at = 0; at < entries.length; at += 1_000) await queue.enqueue(entries.slice(at, at + 1_000))
  }
  /** Serves as many entries, then holds on to what it has fetched until `goOn` is called. */
  const startWorker = (options: { readonly holdAfter?: number; readonly concurrency?: number } = {}) => {
    const { holdAfter = Number.POSITIVE_INFINITY, concurrency = 1 } = options
    const served: string[] = []
    const gate = Promise.withResolvers<void>()
    const process = async ({ id }: { readonly id: string }): Promise<ProcessOutcome> => {
      served.push(id)
      if (served.length > holdAfter - concurrency && served.length <= holdAfter) await gate.promise
      return done
    }
    createRouteWorker({ redis, route: "chat", concurrency, process })
    const until = (count: number): Promise<void> =>
      vi.waitFor(() => expect(served.length).toBeGreaterThanOrEqual(count), { timeout: 30_000 })
    return { served, goOn: gate.resolve, until }
  }
  const countOf = (served: readonly string[], tenantId: string): number => served.filter((id) => tenants.get(id) === tenantId).length
  return { redis, queue, add, startWorker, countOf, tenantOf: (id: string) => tenants.get(id) }
}

describe("a tenant's entry", () => {
  test.each([1, 4])(
    "waits for one entry of a tenant that floods the route with 5,000, beside what %d workers work on",
    async (concurrency) => {
      const { add, startWorker } = await setUp()
      await add(newEntries(5_000, { tenantId: "flood" }))
      const { served, goOn, until } = startWorker({ holdAfter: 100, concurrency })
      await until(100)
      const entry = newEntry({ tenantId: "other" })
      await add([entry])
      goOn()
      await until(110)
      expect(served.indexOf(entry.id)).toBeGreaterThanOrEqual(100)
      expect(served.indexOf(entry.id)).toBeLessThanOrEqual(101)
    },
  )

  test("waits for one entry of each tenant that has some in line", async () => {
    const { add, startWorker, countOf } = await setUp()
    const others = ["a", "b", "c", "d", "e"]
    await add(others.flatMap((tenantId) => newEntries(100, { tenantId })))
    const { served, goOn, until } = startWorker({ holdAfter: 42 })
    await until(42)
    const entry = newEntry({ tenantId: "newcomer" })
    await add([entry])
    goOn()
    await until(60)
    const before = served.slice(42, served.indexOf(entry.id))
    for (const tenantId of others) expect(countOf(before, tenantId)).toBeLessThanOrEqual(1)
  })

  test("is not put behind by having been added many times", async () => {
    const { add, startWorker, countOf } = await setUp()
    const entries = newEntries(20, { tenantId: "a" })
    for (let times = 0; times < 10; times += 1) await add(entries)
    await add([...newEntries(20, { tenantId: "a" }), ...newEntries(40, { tenantId: "b" })])
    const { served, until } = startWorker()
    await until(80)
    expect(countOf(served.slice(0, 40), "a")).toBe(20)
  })

  test("is not put behind by those that its tenant has taken out", async () => {
    const { queue, add, startWorker, countOf } = await setUp()
    await add(newEntries(10, { tenantId: "b" }))
    const cancelled = newEntries(500, { tenantId: "a" })
    await add(cancelled)
    await Promise.all(cancelled.map((entry) => queue.remove(entry)))
    await add(newEntries(10, { tenantId: "a" }))
    const { served, until } = startWorker()
    await until(20)
    expect(countOf(served.slice(0, 10), "a")).toBe(5)
  })
})

describe("shares", () => {
  test("of tenants with entries waiting are as their weights", async () => {
    const { add, startWorker, countOf } = await setUp()
    await add(newEntries(400, { tenantId: "light" }))
    await add(newEntries(400, { tenantId: "heavy", weight: 3 }))
    const { served, until } = startWorker()
    await until(800)
    expect(countOf(served.slice(0, 400), "heavy")).toBeGreaterThanOrEqual(297)
    expect(countOf(served.slice(0, 400), "heavy")).toBeLessThanOrEqual(303)
  })

  test("of one tenant's interactive, standard and bulk entries are 16 : 4 : 1, so that none waits for ever", async () => {
    const { add, startWorker } = await setUp()
    const ofPriority = (priority: QueueEntry["priority"]) => newEntries(200, { priority })
    const [bulk, standard, interactive] = [ofPriority("bulk"), ofPriority("standard"), ofPriority("interactive")]
    await add([...bulk, ...standard, ...interactive])
    const { served, until } = startWorker()
    await until(600)
    const first = new Set(served.slice(0, 210))
    const counts = [interactive, standard, bulk].map((entries) => entries.filter(({ id }) => first.has(id)).length)
    expect(counts).toEqual([160, 40, 10])
  })

  test("are not larger for a tenant that was away", async () => {
    const { add, startWorker, countOf } = await setUp()
    await add(newEntries(500, { tenantId: "a" }))
    const { served, goOn, until } = startWorker({ holdAfter: 300 })
    await until(300)
    await add(newEntries(200, { tenantId: "late" }))
    goOn()
    await until(700)
    const late = countOf(served.slice(300, 400), "late")
    expect(late).toBeGreaterThanOrEqual(48)
    expect(late).toBeLessThanOrEqual(52)
  })

  test("begin anew when the line was empty", async () => {
    const { add, startWorker, countOf } = await setUp()
    await add(newEntries(300, { tenantId: "a" }))
    const first = startWorker({ holdAfter: 301 })
    await first.until(300)
    await add([newEntry({ tenantId: "c" })])
    await first.until(301)
    await add([...newEntries(20, { tenantId: "a" }), ...newEntries(20, { tenantId: "b" })])
    first.goOn()
    await first.until(341)
    expect(countOf(first.served.slice(301, 321), "a")).toBe(10)
  })
})

describe("entries with a set time", () => {
  const untilPast = (at: Date): Promise<void> => vi.waitFor(() => expect(Date.now()).toBeGreaterThan(at.getTime()))

  test("that come due together get in line, and are not served before others' turn", async () => {
    const { add, startWorker, countOf } = await setUp()
    const at = new Date(Date.now() + 300)
    await add(newEntries(300, { tenantId: "timed", notBefore: at }))
    await add(newEntries(50, { tenantId: "other" }))
    await untilPast(at)
    const { served, until } = startWorker({ concurrency: 2 })
    await until(350)
    expect(new Set(served).size).toBe(350)
    expect(countOf(served.slice(0, 100), "other")).toBeGreaterThanOrEqual(48)
  })

  test("are served at their time and once, where nothing else waits", async () => {
    const { redis, add, startWorker } = await setUp()
    const at = new Date(Date.now() + 200)
    const entry = newEntry({ notBefore: at })
    const { served, until } = startWorker()
    await add([entry])
    await until(1)
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime())
    await vi.waitFor(async () => expect(await redis.producer.keys(`${redis.namespace}:*${entry.id}*`)).toEqual([]))
    expect(served).toEqual([entry.id])
  })
})

describe("entries that are handed back", () => {
  test("come first when their time is over, and the order of the others stays", async () => {
    const { redis, add, tenantOf } = await setUp()
    const [a, b] = [newEntries(6, { tenantId: "a" }), newEntries(6, { tenantId: "b" })]
    await add([...a, ...b])
    const served: string[] = []
    const gate = Promise.withResolvers<void>()
    const at = new Date(Date.now() + 300)
    createRouteWorker({
      redis,
      route: "chat",
      concurrency: 1,
      process: async ({ id }) => {
        served.push(id)
        if (served.length <= 3) return { kind: "again", at }
        if (served.length === 4) await gate.promise
        return done
      },
    })
    await vi.waitFor(() => expect(served.length).toBe(4))
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(at.getTime()))
    gate.resolve()
    await vi.waitFor(() => expect(served.length).toBe(15))
    expect(served.slice(4, 7)).toEqual(served.slice(0, 3))
    expect(served.slice(7).map(tenantOf)).toEqual(["a", "b", "a", "b", "a", "b", "a", "b"])
  })
})
