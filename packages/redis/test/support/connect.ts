import { randomUUID } from "node:crypto"
import { Redis } from "ioredis"
import { inject, onTestFinished } from "vitest"
import { type ConnectRedisOptions, connectRedis, type RedisHandle } from "../../src/index.ts"

export interface TestConnection {
  readonly redis: RedisHandle
  /** The messages of all errors reported so far. */
  readonly errors: string[]
}

/** Connects under a namespace that no other test uses, and closes when the test is over. */
export function connectForTest(options: Omit<ConnectRedisOptions, "onError">): TestConnection {
  const errors: string[] = []
  const redis = connectRedis({ namespace: `test-${randomUUID()}`, ...options, onError: (error) => errors.push(error.message) })
  onTestFinished(() => redis.close())
  return { redis, errors }
}

/** All keys that begin with the prefix. */
export async function keysOf(client: Redis, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const page of client.scanStream({ match: `${prefix}*`, count: 1_000 })) keys.push(...page)
  return keys.sort()
}

/** As `connectForTest`, on the Redis that all tests share, with a client to look at it from outside. Leaves no keys behind. */
export async function connectToSharedRedis(): Promise<TestConnection & { readonly client: Redis }> {
  const url = inject("redisUrl")
  const client = new Redis(url)
  const namespace = `test-${randomUUID()}`
  onTestFinished(async () => {
    await connection.redis.close()
    const keys = await keysOf(client, namespace)
    if (keys.length > 0) await client.unlink(...keys)
    client.disconnect()
  })
  const connection = connectForTest({ url, namespace })
  await untilAnswering(connection.redis)
  return { ...connection, client }
}

/** Resolves when Redis answers. */
export async function untilAnswering(redis: RedisHandle): Promise<void> {
  for (;;) {
    try {
      await redis.ping()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
