import { QueueUnavailableError } from "@sluice/core"
import { Redis } from "ioredis"
import { describe, expect, onTestFinished, test } from "vitest"
import { createJobQueue } from "../src/index.ts"
import { connectForTest, connectToSharedRedis, keysOf, untilAnswering } from "./support/connect.ts"
import { newEntries, newEntry } from "./support/entries.ts"
import { createRedisServer } from "./support/redis-server.ts"

const keyOf = (entry: { readonly id: string; readonly run: number }): string => `${entry.id}-${entry.run}`

describe("enqueue", () => {
  test("keeps the order of the entries, in one call and over concurrent calls, within each priority", async () => {
    const { redis, client } = await connectToSharedRedis()
    const queue = createJobQueue({ redis })
    const bulk = newEntries(30, { priority: "bulk" })
    const standard = newEntries(30, { priority: "standard" })
    const interactive = newEntries(30, { priority: "interactive" })

    await Promise.all([queue.enqueue(bulk), ...standard.map((entry) => queue.enqueue([entry])), queue.enqueue(interactive)])

    const waiting = await client.zrange(`${redis.namespace}:{route-chat}:prioritized`, 0, "-1")
    expect(waiting.length).toBe(90)
    for (const entries of [bulk, standard, interactive]) {
      const keys = entries.map(keyOf)
      expect(waiting.filter((key) => keys.includes(key))).toEqual(keys)
    }
  })

  test("delays an entry whose time has not come until exactly then", async () => {
    const { redis, client } = await connectToSharedRedis()
    const notBefore = new Date("2035-06-01T12:00:00.250Z")
    const [late, due] = [newEntry({ notBefore }), newEntry({ notBefore: new Date(0) })]

    await createJobQueue({ redis }).enqueue([late, due])

    const score = await client.zscore(`${redis.namespace}:{route-chat}:delayed`, keyOf(late))
    // BullMQ keeps a counter in the lowest 12 bits.
    expect(Math.floor(Number(score) / 4_096)).toBe(notBefore.getTime())
    expect(await client.zrange(`${redis.namespace}:{route-chat}:prioritized`, 0, "-1")).toEqual([keyOf(due)])
  })

  test("an entry takes less than 1 kB of Redis, and nothing of the job but its ids is stored", async () => {
    const { redis, client } = await connectToSharedRedis()
    const count = 1_000
    await createJobQueue({ redis }).enqueue(newEntries(count))

    const keys = await keysOf(client, redis.namespace)
    let bytes = 0
    for (const key of keys) bytes += Number(await client.call("MEMORY", "USAGE", key, "SAMPLES", "0"))
    const [entryKey = ""] = keys.filter((key) => key.includes(":job_"))

    expect(keys.length).toBeGreaterThan(count)
    expect(bytes / count).toBeLessThan(1_000)
    expect(Object.keys(await client.hgetall(entryKey)).sort()).toEqual(["data", "delay", "name", "opts", "priority", "timestamp"])
    expect(await client.hget(entryKey, "data")).toMatch(/^\["s:ten_a",4000,\d+\]$/)
  })

  test("bounds the event stream, again after Redis lost its memory", async () => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    await server.start()
    const { redis } = connectForTest({ url: server.url })
    const queue = createJobQueue({ redis })
    const streamLength = async (): Promise<number> => {
      const client = new Redis(server.url)
      const length = await client.xlen(`${redis.namespace}:{route-chat}:events`)
      client.disconnect()
      return length
    }
    await untilAnswering(redis)
    await queue.enqueue(newEntries(1_000))
    expect(await streamLength()).toBeLessThan(400)

    await server.kill()
    await server.start()
    await untilAnswering(redis)
    await queue.enqueue(newEntries(1_000))
    expect(await streamLength()).toBeLessThan(400)
  })

  test("rejects for the entries that Redis refused, and keeps those that it took", async () => {
    const server = await createRedisServer(["--maxmemory", "3mb"])
    onTestFinished(() => server.dispose())
    await server.start()
    const { redis } = connectForTest({ url: server.url })
    await untilAnswering(redis)
    const queue = createJobQueue({ redis })
    const entries = newEntries(15_000)

    const outcomes = await Promise.allSettled(entries.map((entry) => queue.enqueue([entry])))
    const taken = entries.filter((_, index) => outcomes[index]?.status === "fulfilled").map(keyOf)
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []))

    expect(taken.length).toBeGreaterThan(0)
    expect(refused.length).toBeGreaterThan(0)
    for (const error of refused) expect(error).toBeInstanceOf(QueueUnavailableError)
    const client = new Redis(server.url)
    onTestFinished(() => client.disconnect())
    const stored = new Set(await client.zrange(`${redis.namespace}:{route-chat}:prioritized`, 0, "-1"))
    expect(taken.filter((key) => !stored.has(key))).toEqual([])
  })

  test("rejects after close", async () => {
    const { redis } = await connectToSharedRedis()
    const queue = createJobQueue({ redis })
    await redis.close()
    await expect(queue.enqueue([newEntry()])).rejects.toBeInstanceOf(QueueUnavailableError)
  })

  test("has nothing to do for no entries, even without Redis", async () => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    const { redis } = connectForTest({ url: server.url })
    await expect(createJobQueue({ redis }).enqueue([])).resolves.toBeUndefined()
  })
})

describe("remove", () => {
  test("rejects with QueueUnavailableError without Redis", async () => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    const { redis } = connectForTest({ url: server.url })
    await expect(createJobQueue({ redis }).remove(newEntry())).rejects.toBeInstanceOf(QueueUnavailableError)
  })
})
