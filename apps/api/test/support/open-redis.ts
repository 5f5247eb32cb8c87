import { randomUUID } from "node:crypto"
import { connectRedis, type RedisHandle } from "@sluice/redis"
import { expect, inject, onTestFinished } from "vitest"

declare module "vitest" {
  export interface ProvidedContext {
    redisUrl: string
  }
}

/** The test's Redis, connected, under a namespace of its own. It is closed when the test has finished. */
export async function openRedis(): Promise<RedisHandle> {
  const redis = connectRedis({ url: inject("redisUrl"), namespace: `test-${randomUUID()}`, onError: () => {} })
  onTestFinished(() => redis.close())
  await expect
    .poll(() =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
  return redis
}
