import { Queue } from "bullmq"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { endConnection } from "../connection/end-connection.ts"
import { routeQueueName } from "../queue/queue-name.ts"

const silentSocketMs = 5_000

export interface QueueViews {
  /** The BullMQ queue of a route, for a board to read. Opening it writes nothing. */
  of(route: string): Queue
}

/** BullMQ's queues for looking at, on a connection of their own: however much is looked at, submissions do not wait behind it. */
export function openQueueViews({ redis }: { readonly redis: RedisHandle }): QueueViews {
  const connection = redis.open({ role: "producer", silentSocketMs })
  redis.onClose(() => endConnection(connection))
  const queues = new Map<string, Queue>()
  const open = (route: string): Queue => {
    const queue = new Queue(routeQueueName(route), {
      connection,
      prefix: redis.namespace,
      skipMetasUpdate: true,
      skipVersionCheck: true,
      skipWaitingForReady: true,
    })
    // The connection reports its errors itself.
    queue.on("error", () => {})
    return queue
  }
  return {
    of(route) {
      const queue = queues.get(route) ?? open(route)
      queues.set(route, queue)
      return queue
    },
  }
}
