import { randomUUID } from "node:crypto"
import type { EntryRef, MissingEntries, QueueInventory } from "@sluice/core"
import { QueueKeys } from "bullmq"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { queueUnavailable } from "../connection/queue-unavailable.ts"
import { entryId } from "../queue/entry-id.ts"
import { routeQueueName } from "../queue/queue-name.ts"
import { readScript } from "../queue/redis-script.ts"

/** Bounds how long one script keeps Redis busy: some hundred microseconds. */
const maxEntriesPerScript = 100

const missingScript = readScript([new URL("lua/missing.lua", import.meta.url)])
const refilledScript = readScript([new URL("lua/refilled.lua", import.meta.url)])

/**
 * Looks into the queues without touching them. That Redis has its memory is known by a key, the incarnation, which is
 * written when the queue holds what it has to hold, and is lost with everything else.
 */
export function createQueueInventory({ redis }: { readonly redis: RedisHandle }): QueueInventory {
  const { address, budget, producer, namespace } = redis
  const keys = new QueueKeys(namespace)
  const incarnation = `${namespace}:{incarnation}`
  const refilling = `${incarnation}:refilling`
  const run = <T>(command: () => Promise<T>): Promise<T> =>
    budget.run(command).catch((error: unknown) => {
      throw queueUnavailable(address, error)
    })

  async function missingOf<Entry extends EntryRef>(route: string, entries: readonly Entry[]): Promise<MissingEntries<Entry>> {
    const queue = routeQueueName(route)
    const lines = ["prioritized", "delayed", "active", "wait"].map((type) => keys.toKey(queue, type))
    const places = await run(() => missingScript(producer, { keys: lines, args: [keys.toKey(queue, ""), ...entries.map(entryId)] }))
    const [absent, stranded]: readonly unknown[] = Array.isArray(places) ? places : []
    return { absent: at(entries, absent), stranded: at(entries, stranded) }
  }

  return {
    async missing(entries) {
      const found = []
      for (const [route, ofRoute] of Map.groupBy(entries, (entry) => entry.route)) {
        for (let from = 0; from < ofRoute.length; from += maxEntriesPerScript) {
          found.push(await missingOf(route, ofRoute.slice(from, from + maxEntriesPerScript)))
        }
      }
      return { absent: found.flatMap(({ absent }) => absent), stranded: found.flatMap(({ stranded }) => stranded) }
    },
    hasForgotten: async () => (await run(() => producer.exists(incarnation))) === 0,
    async refill(fill) {
      const mark = randomUUID()
      await run(() => producer.set(refilling, mark))
      await fill()
      await run(() => refilledScript(producer, { keys: [incarnation, refilling], args: [mark] }))
    },
  }
}

function at<Entry>(entries: readonly Entry[], places: unknown): readonly Entry[] {
  return Array.isArray(places) ? places.flatMap((place) => entries[Number(place)] ?? []) : []
}
