import type { ProcessOutcome, QueueEntry } from "@sluice/core"
import { QueueUnavailableError } from "@sluice/core"
import { Worker } from "bullmq"
import { Redis } from "ioredis"
import { describe, expect, inject, onTestFinished, test, vi } from "vitest"
import { createJobQueue, createQueueInventory, createRouteWorker } from "../src/index.ts"
import { connectForTest, connectToSharedRedis } from "./support/connect.ts"
import { newEntries, newEntry } from "./support/entries.ts"
import { createRedisServer } from "./support/redis-server.ts"

const none = { absent: [], stranded: [] }

async function setUp() {
  const connection = await connectToSharedRedis()
  const { redis } = connection
  return { ...connection, queue: createJobQueue({ redis }), inventory: createQueueInventory({ redis }) }
}

const keyOf = (namespace: string, { id, run }: QueueEntry) => `${namespace}:{route-chat}:${id}-${run}`

describe("the inventory of the queue", () => {
  test("does not miss what waits, what is delayed, and what a worker holds or was handed back", async () => {
    const { redis, queue, inventory } = await setUp()
    const [waiting, delayed, held, back] = [newEntry(), newEntry({ notBefore: new Date(Date.now() + 60_000) }), newEntry(), newEntry()]
    const { promise, resolve } = Promise.withResolvers<ProcessOutcome>()
    const begun: string[] = []
    const worker = createRouteWorker({
      redis,
      route: "chat",
      concurrency: 1,
      process: ({ id }) => {
        begun.push(id)
        return id === held.id ? promise : Promise.resolve({ kind: "again", at: new Date(Date.now() + 60_000) })
      },
    })
    await queue.enqueue([back, held])
    await vi.waitFor(() => expect(begun).toEqual([back.id, held.id]))
    await queue.enqueue([waiting, delayed])
    expect(await inventory.missing([waiting, delayed, held, back])).toEqual(none)
    resolve({ kind: "done" })
    await worker.close({ graceMs: 5_000 })
  })

  test("does not miss what lost its worker and stands in line again", async () => {
    const { redis, client, queue, inventory } = await setUp()
    const entry = newEntry()
    await queue.enqueue([entry])
    const connection = new Redis(inject("redisUrl"), { maxRetriesPerRequest: null })
    const worker = new Worker("{route-chat}", null, { connection, prefix: redis.namespace, autorun: false, maxStalledCount: 5 })
    onTestFinished(async () => {
      await worker.close()
      connection.disconnect()
    })
    const fetched = await worker.getNextJob("token", { block: false })
    expect(fetched?.id).toBe(`${entry.id}-1`)
    await client.del(`${keyOf(redis.namespace, entry)}:lock`)
    expect(await inventory.missing([entry])).toEqual(none)
    // BullMQ moves an entry that has lost its worker to `wait`.
    await client.lrem(`${redis.namespace}:{route-chat}:active`, 1, `${entry.id}-1`)
    await client.lpush(`${redis.namespace}:{route-chat}:wait`, `${entry.id}-1`)
    expect(await inventory.missing([entry])).toEqual(none)
  })

  test("misses an orphan, which stands in no line; removed and added again it is found", async () => {
    const { redis, client, queue, inventory } = await setUp()
    const [orphan, healthy] = [newEntry(), newEntry()]
    await queue.enqueue([orphan, healthy])
    await client.zrem(`${redis.namespace}:{route-chat}:prioritized`, `${orphan.id}-1`)
    await queue.enqueue([orphan])
    expect(await inventory.missing([healthy, orphan])).toEqual({ absent: [], stranded: [orphan] })
    await queue.remove(orphan)
    await queue.enqueue([orphan])
    expect(await inventory.missing([healthy, orphan])).toEqual(none)
  })

  test("looks for thousands at once, in their order", async () => {
    const { queue, inventory } = await setUp()
    const entries = newEntries(2_500)
    const there = entries.filter((_, index) => index % 2 === 0)
    for (let at = 0; at < there.length; at += 500) await queue.enqueue(there.slice(at, at + 500))
    expect(await inventory.missing(entries)).toEqual({ absent: entries.filter((_, index) => index % 2 === 1), stranded: [] })
  })

  test("rejects with QueueUnavailableError without Redis: nothing is taken for lost", async () => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    const { redis } = connectForTest({ url: server.url })
    const inventory = createQueueInventory({ redis })
    await expect(inventory.missing([newEntry()])).rejects.toBeInstanceOf(QueueUnavailableError)
    await expect(inventory.hasForgotten()).rejects.toBeInstanceOf(QueueUnavailableError)
    await expect(inventory.refill(() => Promise.resolve())).rejects.toBeInstanceOf(QueueUnavailableError)
  })
})
