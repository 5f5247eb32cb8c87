import type { Clock, JobQueue, QueueEntry } from "@sluice/core"
import type { JobJson } from "bullmq"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { queueUnavailable } from "../connection/queue-unavailable.ts"
import type { LineEntry } from "../fairness/fair-line.ts"
import { flowOf } from "../fairness/flow.ts"
import { formatLineData } from "../fairness/line-data.ts"
import { duePriority } from "./bull-priority.ts"
import { entryId } from "./entry-id.ts"
import { createGroupCommit } from "./group-commit.ts"
import { createRouteQueues, type RouteQueue } from "./route-queues.ts"

const maxGroup = 500
const maxPending = 20_000
/** Bounds how long one script keeps Redis busy: about a millisecond. */
const maxEntriesPerScript = 100

/**
 * Only name, data, options and timestamp are stored. Hashes whose values stay below 64 bytes take half the memory, which is
 * why the options hold no id and say nothing of removal: workers remove what they have finished.
 */
function delayedJobJson(entry: QueueEntry, delay: number, now: Date): JobJson {
  return {
    id: entryId(entry),
    name: "run",
    data: formatLineData(flowOf(entry)),
    opts: { priority: duePriority, delay },
    timestamp: now.getTime(),
    progress: 0,
    attemptsMade: 0,
    attemptsStarted: 0,
    stalledCounter: 0,
    failedReason: "",
    returnvalue: "",
  }
}

function lineEntryOf(entry: QueueEntry): LineEntry {
  return { id: entryId(entry), ...flowOf(entry) }
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))
}

type Write = readonly [entry: QueueEntry, written: Promise<unknown>]

/** Adds entries of one route: those that are due to the fair line, in their order, the others to what waits for its time. */
function addToRoute({ backend, line }: RouteQueue, entries: readonly QueueEntry[], now: Date): readonly Write[] {
  const delayMsOf = ({ notBefore }: QueueEntry): number => (notBefore === null ? 0 : notBefore.getTime() - now.getTime())
  const isDue = (entry: QueueEntry): boolean => delayMsOf(entry) <= 0
  const addDelayed = (entry: QueueEntry): Write => [entry, backend.addJob(delayedJobJson(entry, delayMsOf(entry), now), entryId(entry))]
  const addDue = (chunk: readonly QueueEntry[]): readonly Write[] => {
    const placed = line.enqueue(chunk.map(lineEntryOf), now)
    return chunk.map((entry) => [entry, placed])
  }
  const [due, delayed] = [entries.filter(isDue), entries.filter((entry) => !isDue(entry))]
  return [...delayed.map(addDelayed), ...chunksOf(due, maxEntriesPerScript).flatMap(addDue)]
}

/**
 * The job queue on BullMQ. Entries of one call, and of calls one after the other, are added in that order, and those of
 * concurrent calls travel together. The tenants of a route share its workers fairly; see `flowOf`. A call may hold at most
 * 20,000 entries; add more than a thousand in several calls, since all of a call's entries share its budget.
 */
export function createJobQueue(options: { readonly redis: RedisHandle; readonly now?: Clock }): JobQueue {
  const { redis, now = () => new Date() } = options
  const { address, budget } = redis
  const queues = createRouteQueues(redis)

  const addGroup = async (entries: readonly QueueEntry[]): Promise<readonly PromiseSettledResult<unknown>[]> => {
    const at = now()
    const ofRoutes = Map.groupBy(entries, ({ route }) => route)
    const settings = queues.writeSettings(ofRoutes.keys())
    const writes = new Map(Array.from(ofRoutes).flatMap(([route, ofRoute]) => addToRoute(queues.of(route), ofRoute, at)))
    const added = Promise.allSettled(entries.map((entry) => writes.get(entry)))
    await settings
    return added
  }
  const commits = createGroupCommit<QueueEntry>({
    commit: (entries) => budget.run(() => addGroup(entries)),
    maxGroup,
    maxPending,
    waitMs: budget.budgetMs,
  })
  const remove = async (route: string, id: string): Promise<void> => {
    const queue = queues.of(route)
    // A Redis that is full refuses this one, and is glad of the other.
    await queue.line.giveBack(id).catch(() => {})
    await queue.backend.remove(id, false)
  }
  const asUnavailable = (error: unknown): never => {
    throw queueUnavailable(address, error)
  }
  return {
    enqueue: (entries) => commits.submit(entries).catch(asUnavailable),
    remove: async (entry) => {
      await budget.run(() => remove(entry.route, entryId(entry))).catch(asUnavailable)
    },
  }
}
