import { randomUUID } from "node:crypto"
import {
  jobQueueConformance,
  jobSignalsConformance,
  liveChannelConformance,
  processControlConformance,
  queueInventoryConformance,
} from "@sluice/core/testing"
import { Redis } from "ioredis"
import { inject } from "vitest"
import {
  connectRedis,
  createJobQueue,
  createJobSignals,
  createLiveChannel,
  createProcessControl,
  createQueueInventory,
} from "../src/index.ts"
import { keysOf, untilAnswering } from "./support/connect.ts"

async function open() {
  const namespace = `test-${randomUUID()}`
  const client = new Redis(inject("redisUrl"))
  const redis = connectRedis({ url: inject("redisUrl"), namespace, onError: () => {} })
  await untilAnswering(redis)
  const close = async (): Promise<void> => {
    await redis.close()
    const keys = await keysOf(client, namespace)
    if (keys.length > 0) await client.unlink(...keys)
    client.disconnect()
  }
  return { namespace, client, redis, close }
}

jobQueueConformance("Redis", async () => {
  const { namespace, client, redis, close } = await open()
  const contents = async (route: string): Promise<readonly string[]> => {
    const queueKey = `${namespace}:{route-${route}}`
    const states = await Promise.all([
      client.zrange(`${queueKey}:prioritized`, 0, "-1"),
      client.zrange(`${queueKey}:delayed`, 0, "-1"),
      client.lrange(`${queueKey}:wait`, 0, "-1"),
      client.lrange(`${queueKey}:active`, 0, "-1"),
    ])
    return states.flat()
  }
  return { queue: createJobQueue({ redis }), contents, close }
})

queueInventoryConformance("Redis", async () => {
  const { namespace, client, redis, close } = await open()
  const forget = async (): Promise<void> => {
    const keys = await keysOf(client, namespace)
    if (keys.length > 0) await client.unlink(...keys)
  }
  return { queue: createJobQueue({ redis }), inventory: createQueueInventory({ redis }), forget, close }
})

jobSignalsConformance("Redis", async () => {
  const { namespace, redis, close } = await open()
  const other = connectRedis({ url: inject("redisUrl"), namespace, onError: () => {} })
  await untilAnswering(other)
  return {
    sender: createJobSignals({ redis }),
    receiver: createJobSignals({ redis: other }),
    close: async () => {
      await other.close()
      await close()
    },
  }
})

liveChannelConformance("Redis", async () => {
  const { namespace, redis, close } = await open()
  const others = [0, 1].map(() => connectRedis({ url: inject("redisUrl"), namespace, onError: () => {} }))
  await Promise.all(others.map(untilAnswering))
  const [first, second] = others.map((other) => createLiveChannel({ redis: other }))
  if (!first || !second) throw new Error("There are two readers.")
  return {
    worker: createLiveChannel({ redis }),
    readers: [first, second],
    close: async () => {
      await Promise.all(others.map((other) => other.close()))
      await close()
    },
  }
})

processControlConformance("Redis", async () => {
  const { redis, close } = await open()
  return { control: createProcessControl({ redis }), close }
})
