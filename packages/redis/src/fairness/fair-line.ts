import { QueueKeys } from "bullmq"
import type { Redis } from "ioredis"
import { maxStamp } from "../queue/bull-priority.ts"
import { readScript } from "../queue/redis-script.ts"
import type { Flow } from "./flow.ts"

/** Bounds how long one call keeps Redis busy: some hundred microseconds. */
const maxMovedAtOnce = 50

export interface FairLineOptions {
  readonly client: Redis
  /** Prefix of all keys of the installation. */
  readonly namespace: string
  /** BullMQ's name of the queue, with its hash tag. */
  readonly queue: string
  /** The highest stamp. Default: BullMQ's ceiling. */
  readonly ceiling?: number | undefined
  /** How many entries one `advance` moves to a new base at most. Default 50. */
  readonly movedAtOnce?: number | undefined
}

export interface LineEntry extends Flow {
  readonly id: string
}

/** The line of one queue. All methods reject as the Redis client does. */
export interface FairLine {
  /** Adds those entries that the queue does not hold, each in its place in line, in one step. */
  enqueue(entries: readonly LineEntry[], now: Date): Promise<void>
  /** Gives the flow of an entry its step back when the entry stands in line. For an entry that is about to be removed. */
  giveBack(id: string): Promise<void>
  /**
   * Takes note that an entry that starts at this virtual time is served. Where stamps come near their ceiling it also moves
   * some of what waits to lower ones. Resolves whether more must be moved, for which it is to be called again.
   */
  advance(start: number): Promise<boolean>
  /**
   * Decides about an entry whose set time has come, fetched under this lock. `goes_on`: it is to be worked on now. `left`: it
   * stands in line, or is another worker's by now; either way it is no longer this worker's.
   */
  arrive(entry: LineEntry, token: string): Promise<"goes_on" | "left">
}

function luaFile(name: string): URL {
  return new URL(`lua/${name}.lua`, import.meta.url)
}

const shared = luaFile("fair-line")
const enqueueScript = readScript([shared, luaFile("enqueue")])
const giveBackScript = readScript([shared, luaFile("give-back")])
const advanceScript = readScript([shared, luaFile("advance")])
const arriveScript = readScript([shared, luaFile("arrive")])

/** Opens the line of a queue; nothing is sent to Redis yet. */
export function openFairLine(options: FairLineOptions): FairLine {
  const { client, namespace, queue, ceiling = maxStamp, movedAtOnce = maxMovedAtOnce } = options
  const key = (type: string): string => new QueueKeys(namespace).toKey(queue, type)
  const prefix = key("")
  const [prioritized, counter, marker, active, stalled] = [key("prioritized"), key("pc"), key("marker"), key("active"), key("stalled")]
  const [fair, base] = [key("fair"), key("fair-base")]
  return {
    enqueue: async (entries, now) => {
      const perEntry = entries.flatMap(({ id, flow, step }) => [id, flow, step])
      await enqueueScript(client, { keys: [prioritized, counter, marker, fair, base], args: [prefix, now.getTime(), ceiling, ...perEntry] })
    },
    giveBack: async (id) => {
      await giveBackScript(client, { keys: [prioritized, fair, key(id)], args: [id] })
    },
    advance: async (start) => {
      return (await advanceScript(client, { keys: [prioritized, fair, base], args: [prefix, start, ceiling, movedAtOnce] })) === 1
    },
    arrive: async ({ id, flow, step }, token) => {
      const keys = [prioritized, counter, marker, fair, base, active, stalled]
      const goesOn = await arriveScript(client, { keys, args: [prefix, id, token, flow, step, ceiling] })
      return goesOn === 1 ? "goes_on" : "left"
    },
  }
}
