import { Redis } from "ioredis"
import { expect, onTestFinished, test, vi } from "vitest"
import { createJobQueue, createRouteWorker } from "../src/index.ts"
import { connectForTest, untilAnswering } from "./support/connect.ts"
import { newEntry } from "./support/entries.ts"
import { createRedisServer, type RedisServer } from "./support/redis-server.ts"
import { createSwitchingProxy } from "./support/switching-proxy.ts"

async function startServer(): Promise<RedisServer> {
  const server = await createRedisServer()
  onTestFinished(() => server.dispose())
  await server.start()
  return server
}

test("after a failover, connections that lead to what is a replica now are given up for the new primary", async () => {
  const [primary, replica] = [await startServer(), await startServer()]
  const proxy = await createSwitchingProxy(primary.port)
  onTestFinished(() => proxy.close())
  const { redis } = connectForTest({ url: proxy.url })
  await untilAnswering(redis)
  const queue = createJobQueue({ redis })
  const processed: string[] = []
  createRouteWorker({
    redis,
    route: "chat",
    concurrency: 1,
    drainDelayMs: 500,
    process: ({ id }) => {
      processed.push(id)
      return Promise.resolve({ kind: "done" })
    },
  })
  const [before, after] = [newEntry(), newEntry()]
  await queue.enqueue([before])
  await vi.waitFor(() => expect(processed).toEqual([before.id]))

  const operator = new Redis(primary.url)
  onTestFinished(() => operator.disconnect())
  await operator.replicaof("127.0.0.1", replica.port)
  proxy.leadTo(replica.port)

  await vi.waitFor(() => queue.enqueue([after]), { timeout: 20_000 })
  await vi.waitFor(() => expect(processed).toEqual([before.id, after.id]), { timeout: 20_000 })
})
