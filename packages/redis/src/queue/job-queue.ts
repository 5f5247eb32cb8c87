import type { Clock, JobQueue, QueueEntry } from "@sluice/core"
import { createRedisBackend, type IQueueBackend, type JobJson, type QueueOptions } from "bullmq"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { queueUnavailable } from "../connection/queue-unavailable.ts"
import { bullPriorityOf } from "./bull-priority.ts"
import { entryId } from "./entry-id.ts"
import { createGroupCommit } from "./group-commit.ts"
import { routeQueueName } from "./queue-name.ts"

const maxGroup = 500
const maxPending = 20_000
/** Nobody reads BullMQ's event streams; it trims them to about this many events, which bounds what they cost. */
const maxEvents = 100

/**
 * Only name, data, options and timestamp are stored. Hashes whose values stay below 64 bytes take half the memory, which is
 * why the options hold no id and say nothing of removal: workers remove what they have finished.
 */
function jobJsonOf(entry: QueueEntry, now: Date): JobJson {
  const delay = entry.notBefore === null ? 0 : Math.max(0, entry.notBefore.getTime() - now.getTime())
  const priority = bullPriorityOf(entry.priority)
  return {
    id: entryId(entry),
    name: "run",
    data: "{}",
    opts: delay > 0 ? { priority, delay } : { priority },
    timestamp: now.getTime(),
    progress: 0,
    attemptsMade: 0,
    attemptsStarted: 0,
    stalledCounter: 0,
    failedReason: "",
    returnvalue: "",
  }
}

interface RouteQueues {
  of(route: string): IQueueBackend
  /** Writes what the queues of these routes must hold beside entries, unless Redis has it already. Never rejects. */
  writeSettings(routes: Iterable<string>): Promise<unknown>
}

/** One BullMQ queue per route, all on the producer's connection. */
function createRouteQueues({ namespace, producer }: RedisHandle): RouteQueues {
  const options: QueueOptions = { connection: producer, prefix: namespace, skipVersionCheck: true, skipWaitingForReady: true }
  const root = createRedisBackend("{producer}", options)
  // The connection reports its errors itself.
  root.on("error", () => {})
  const queues = new Map<string, IQueueBackend>()
  const withSettings = new Set<string>()
  // Redis may have lost its memory while it was away.
  producer.on("ready", () => withSettings.clear())

  const of = (route: string): IQueueBackend => {
    const queue = queues.get(route) ?? root.forQueue(routeQueueName(route))
    queues.set(route, queue)
    return queue
  }
  const writeSettingsOf = async (route: string): Promise<void> => {
    if (withSettings.has(route)) return
    await of(route).setQueueMeta({ "opts.maxLenEvents": maxEvents })
    withSettings.add(route)
  }
  return { of, writeSettings: (routes) => Promise.allSettled(Array.from(new Set(routes), writeSettingsOf)) }
}

/**
 * The job queue on BullMQ. All entries go through one line: entries of one call, and of calls one after the other, are added
 * in that order, and those of concurrent calls travel together. A call may hold at most 20,000 entries; add more than a
 * thousand in several calls, since all of a call's entries share its budget.
 */
export function createJobQueue(options: { readonly redis: RedisHandle; readonly now?: Clock }): JobQueue {
  const { redis, now = () => new Date() } = options
  const { address, budget } = redis
  const queues = createRouteQueues(redis)

  const addGroup = async (entries: readonly QueueEntry[]): Promise<readonly PromiseSettledResult<unknown>[]> => {
    const at = now()
    const settings = queues.writeSettings(entries.map((entry) => entry.route))
    const added = Promise.allSettled(entries.map((entry) => queues.of(entry.route).addJob(jobJsonOf(entry, at), entryId(entry))))
    await settings
    return added
  }
  const line = createGroupCommit<QueueEntry>({
    commit: (entries) => budget.run(() => addGroup(entries)),
    maxGroup,
    maxPending,
    waitMs: budget.budgetMs,
  })
  const asUnavailable = (error: unknown): never => {
    throw queueUnavailable(address, error)
  }
  return {
    enqueue: (entries) => line.submit(entries).catch(asUnavailable),
    remove: async (entry) => {
      await budget.run(() => queues.of(entry.route).remove(entryId(entry), false)).catch(asUnavailable)
    },
  }
}
