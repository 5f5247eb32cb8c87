import { randomUUID } from "node:crypto"
import { QueueUnavailableError } from "@sluice/core"
import { tenantGateConformance } from "@sluice/core/testing"
import { Redis } from "ioredis"
import { expect, inject, test } from "vitest"
import { connectRedis, createTenantGate } from "../src/index.ts"
import { connectForTest, connectToSharedRedis, untilAnswering } from "./support/connect.ts"

tenantGateConformance("Redis", async () => {
  const url = inject("redisUrl")
  const namespace = `test-${randomUUID()}`
  const redis = connectRedis({ url, namespace, onError: () => {} })
  await untilAnswering(redis)
  const close = async () => {
    const client = new Redis(url)
    for await (const keys of client.scanStream({ match: `${namespace}:*` })) if (keys.length > 0) await client.unlink(...keys)
    client.disconnect()
    await redis.close()
  }
  return { gate: createTenantGate({ redis }), close }
})

const request = { tenantId: "acme", requestsPerMinute: 10, requests: 1, maxQueuedJobs: 4, jobs: 1 }

test("processes share what they count", async () => {
  const { redis } = await connectToSharedRedis()
  const other = connectForTest({ url: inject("redisUrl"), namespace: redis.namespace })
  await untilAnswering(other.redis)
  const gates = [createTenantGate({ redis }), createTenantGate({ redis: other.redis })]
  const verdicts = await Promise.all(Array.from({ length: 40 }, (_, n) => gates[n % 2]?.admit({ ...request, jobs: 0 })))
  expect(verdicts.filter((verdict) => verdict?.requests?.isAllowed)).toHaveLength(10)
})

test("counts as if it were new when Redis has lost its memory, and keeps nothing for ever", async () => {
  const { redis, client } = await connectToSharedRedis()
  const gate = createTenantGate({ redis })
  await gate.recount({ tenantId: "acme", queued: 4, mark: 0 })
  expect((await gate.admit(request)).places).toMatchObject({ kind: "full" })
  const keys = [`${redis.namespace}:{tenant-acme}:requests`, `${redis.namespace}:{tenant-acme}:places`]
  for (const key of keys) expect(await client.pttl(key)).toBeGreaterThan(0)
  await client.unlink(...keys)
  expect((await gate.admit(request)).places).toEqual({ kind: "unknown", mark: 0 })
  // A count that was begun before the loss: what was settled then is no longer known.
  await gate.recount({ tenantId: "acme", queued: 2, mark: 700 })
  expect((await gate.admit({ ...request, jobs: 2 })).places).toMatchObject({ kind: "granted", remaining: 0 })
})

test("places under way that are too old are forgotten", async () => {
  const { redis, client } = await connectToSharedRedis()
  const gate = createTenantGate({ redis })
  await gate.recount({ tenantId: "acme", queued: 0, mark: 0 })
  const [seconds] = await client.time()
  const key = `${redis.namespace}:{tenant-acme}:places`
  await client.hset(key, `p:${Math.floor(Number(seconds) / 10) - 9}`, 3)
  expect((await gate.admit({ ...request, jobs: 4 })).places).toMatchObject({ kind: "granted", remaining: 0 })
  expect(Object.keys(await client.hgetall(key)).filter((field) => field.startsWith("p:"))).toHaveLength(1)
})

test("says so when Redis is not there", async () => {
  const { redis } = connectForTest({ url: "redis://127.0.0.1:1", commandBudgetMs: 100 })
  await expect(createTenantGate({ redis }).admit(request)).rejects.toThrow(QueueUnavailableError)
})
