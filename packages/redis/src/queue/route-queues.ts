import { createRedisBackend, type IQueueBackend, type QueueOptions } from "bullmq"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { type FairLine, openFairLine } from "../fairness/fair-line.ts"
import { routeQueueName } from "./queue-name.ts"

/** Nobody reads BullMQ's event streams; it trims them to about this many events, which bounds what they cost. */
const maxEvents = 100

export interface RouteQueue {
  readonly backend: IQueueBackend
  readonly line: FairLine
}

export interface RouteQueues {
  of(route: string): RouteQueue
  /** Writes what the queues of these routes must hold beside entries, unless Redis has it already. Never rejects. */
  writeSettings(routes: Iterable<string>): Promise<unknown>
}

/** One BullMQ queue per route, all on the producer's connection. */
export function createRouteQueues({ namespace, producer }: RedisHandle): RouteQueues {
  const options: QueueOptions = { connection: producer, prefix: namespace, skipVersionCheck: true, skipWaitingForReady: true }
  const root = createRedisBackend("{producer}", options)
  // The connection reports its errors itself.
  root.on("error", () => {})
  const queues = new Map<string, RouteQueue>()
  const withSettings = new Set<string>()
  // Redis may have lost its memory while it was away.
  producer.on("ready", () => withSettings.clear())

  const open = (route: string): RouteQueue => {
    const queue = routeQueueName(route)
    return { backend: root.forQueue(queue), line: openFairLine({ client: producer, namespace, queue }) }
  }
  const of = (route: string): RouteQueue => {
    const queue = queues.get(route) ?? open(route)
    queues.set(route, queue)
    return queue
  }
  const writeSettingsOf = async (route: string): Promise<void> => {
    if (withSettings.has(route)) return
    await of(route).backend.setQueueMeta({ "opts.maxLenEvents": maxEvents })
    withSettings.add(route)
  }
  return { of, writeSettings: (routes) => Promise.allSettled(Array.from(new Set(routes), writeSettingsOf)) }
}
