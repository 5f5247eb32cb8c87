import { createRedisBackend, type IQueueBackend, type Job, type JobJson, QueueKeys, Worker } from "bullmq"
import { Redis } from "ioredis"
import { inject } from "vitest"
import { createErrorReporter } from "../../src/connection/error-reporter.ts"
import { type FairLine, type LineEntry, openFairLine } from "../../src/fairness/fair-line.ts"
import { createLineAttendant } from "../../src/fairness/line-attendant.ts"
import { formatLineData } from "../../src/fairness/line-data.ts"
import { duePriority, handedBackPriority } from "../../src/queue/bull-priority.ts"
import { keysOf } from "./connect.ts"

export interface Fetched {
  readonly id: string
  done(): Promise<void>
  handBack(): Promise<void>
}

/** The line of a queue of its own, served step by step by a BullMQ worker. */
export interface LineUnderTest {
  readonly client: Redis
  readonly line: FairLine
  readonly backend: IQueueBackend
  key(type: string): string
  /** As BullMQ does with a delayed entry when its time has come. */
  comeDue(entry: LineEntry): Promise<void>
  /** The next entry that is to be worked on. */
  fetch(): Promise<Fetched | null>
  /** Has BullMQ fetch the next entry, under the lock token `test`. */
  takeOut(): Promise<Job<unknown, void> | undefined>
  remove(id: string): Promise<void>
  close(): Promise<void>
}

export interface LineUnderTestOptions {
  readonly namespace: string
  readonly ceiling?: number
  readonly movedAtOnce?: number
  /** How many advance the line at the same time. Default 1. */
  readonly attendants?: number
}

const token = "test"

/** An entry as it is handed to BullMQ. */
export function jobJsonOf(entry: Pick<JobJson, "id" | "data" | "opts">): JobJson {
  const blank = { progress: 0, attemptsMade: 0, attemptsStarted: 0, stalledCounter: 0, failedReason: "", returnvalue: "" }
  return { ...entry, name: "run", timestamp: 0, ...blank }
}

export function openLineUnderTest({ namespace, attendants = 1, ...bounds }: LineUnderTestOptions): LineUnderTest {
  const client = new Redis(inject("redisUrl"), { maxRetriesPerRequest: null })
  const clients = [client, ...Array.from({ length: attendants - 1 }, () => client.duplicate())]
  const queue = "{line}"
  const options = { connection: client, prefix: namespace, skipVersionCheck: true }
  const backend = createRedisBackend(queue, options)
  const worker = new Worker<unknown, void>(queue, null, { ...options, autorun: false, removeOnComplete: { count: 0 } })
  const lines = clients.map((each) => openFairLine({ client: each, namespace, queue, ...bounds }))
  const [line] = lines
  if (line === undefined) throw new Error("There must be a line.")
  // Once at a time, so that what happens while entries are being moved is seen.
  const advance = async (start: number): Promise<boolean> => {
    await Promise.all(lines.map((each) => each.advance(start)))
    return false
  }
  const reporter = createErrorReporter({
    onError: (error) => {
      throw error
    },
  })
  const attendant = createLineAttendant({ route: "test", line: { advance, arrive: line.arrive }, reporter })

  const fetchedOf = (job: Job<unknown, void>): Fetched => {
    const { id = "" } = job
    const back = { skipAttempt: true, fieldsToUpdate: { priority: handedBackPriority } }
    return {
      id,
      done: async () => void (await job.moveToCompleted(undefined, token, false)),
      handBack: async () => void (await backend.moveToDelayed(id, Date.now(), 0, token, back)),
    }
  }
  const takeOut = (): Promise<Job<unknown, void> | undefined> => worker.getNextJob(token, { block: false })
  const fetch = async (): Promise<Fetched | null> => {
    const job = await takeOut()
    if (job === undefined) return null
    const isReceived = await attendant.receive(job, token)
    // Virtual time is moved at the end of the turn.
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all(clients.map((each) => each.ping()))
    return isReceived ? fetchedOf(job) : fetch()
  }
  return {
    client,
    line,
    backend,
    key: (type) => new QueueKeys(namespace).toKey(queue, type),
    comeDue: async ({ id, ...flow }) => {
      await backend.addJob(jobJsonOf({ id, data: formatLineData(flow), opts: { priority: duePriority } }), id)
    },
    fetch,
    takeOut,
    remove: async (id) => {
      await line.giveBack(id)
      await backend.remove(id, false)
    },
    close: async () => {
      await worker.close()
      const keys = await keysOf(client, namespace)
      if (keys.length > 0) await client.unlink(...keys)
      for (const each of clients) each.disconnect()
    },
  }
}
