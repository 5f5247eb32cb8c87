import type { QueueInspector, QueueState } from "@sluice/core"
import { createRedisBackend, QueueKeys, type QueueOptions } from "bullmq"
import type { ChainableCommander } from "ioredis"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { queueUnavailable } from "../connection/queue-unavailable.ts"
import { routeQueueName } from "../queue/queue-name.ts"

/** How many of those next in line are looked at for the oldest. */
const lookedAt = 100

/** The queues as operators see them, read from BullMQ's own keys in two round trips however many there are. */
export function createQueueInspector({ redis }: { readonly redis: RedisHandle }): QueueInspector {
  const { address, budget, producer, namespace } = redis
  const keys = new QueueKeys(namespace)
  const options: QueueOptions = { connection: producer, prefix: namespace, skipVersionCheck: true, skipWaitingForReady: true }
  const root = createRedisBackend("{inspector}", options)
  // The connection reports its errors itself.
  root.on("error", () => {})
  const run = <T>(command: () => Promise<T>): Promise<T> =>
    budget.run(command).catch((error: unknown) => {
      throw queueUnavailable(address, error)
    })
  const replies = async (fill: (pipeline: ChainableCommander) => void): Promise<readonly unknown[]> => {
    const pipeline = producer.pipeline()
    fill(pipeline)
    const results = (await pipeline.exec()) ?? []
    return results.map(([error, reply]) => {
      if (error) throw error
      return reply
    })
  }

  async function stateOf(route: string): Promise<QueueState> {
    const key = (type: string) => keys.toKey(routeQueueName(route), type)
    const [waiting, prioritized, delayed, active, paused, next, inLine] = await replies((pipeline) =>
      pipeline
        .llen(key("wait"))
        .zcard(key("prioritized"))
        .zcard(key("delayed"))
        .llen(key("active"))
        .hexists(key("meta"), "paused")
        // BullMQ takes from the end of this list.
        .lrange(key("wait"), String(-lookedAt), "-1")
        .zrange(key("prioritized"), 0, String(lookedAt - 1)),
    )
    const ids = [...textsOf(next), ...textsOf(inLine)]
    const times = await replies((pipeline) => {
      for (const id of ids) pipeline.hget(key(id), "timestamp")
    })
    const known = times.map(Number).filter((time) => time > 0)
    return {
      route,
      waiting: Number(waiting),
      prioritized: Number(prioritized),
      delayed: Number(delayed),
      active: Number(active),
      paused: Number(paused) === 1,
      oldestWaitingSince: known.length > 0 ? new Date(Math.min(...known)) : null,
    }
  }

  return {
    states: (routes) => run(() => Promise.all(routes.map(stateOf))),
    setPaused: ({ route, paused }) => run(() => root.forQueue(routeQueueName(route)).pause(paused)),
  }
}

function textsOf(reply: unknown): readonly string[] {
  return Array.isArray(reply) ? reply.map(String) : []
}
