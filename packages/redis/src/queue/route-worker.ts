import type { Clock, ProcessEntry } from "@sluice/core"
import { type RedisQueueBackend, Worker, type WorkerOptions } from "bullmq"
import type { Redis } from "ioredis"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { endConnection } from "../connection/end-connection.ts"
import { reasonOf } from "../connection/reason-of.ts"
import { openFairLine } from "../fairness/fair-line.ts"
import { createLineAttendant } from "../fairness/line-attendant.ts"
import { closedCount } from "../valve/route-valve.ts"
import { createEntryProcessor } from "./entry-processor.ts"
import { createExecutions, type Executions } from "./executions.ts"
import { routeQueueName } from "./queue-name.ts"
import { settlesWithin } from "./settles-within.ts"
import { workerBackend } from "./worker-backend.ts"

/** How long a closing worker waits for Redis to take what it has to say. */
const farewellMs = 2_000
/** How often a worker whose route is closed looks whether it was opened before its time. */
const closedRouteCheckMs = 1_000

export interface RouteWorkerOptions {
  readonly redis: RedisHandle
  readonly route: string
  /** How many entries are processed at a time. */
  readonly concurrency: number
  readonly process: ProcessEntry
  /** How long an entry stays with a worker that says nothing any more. Default 30,000; a living worker renews it. */
  readonly lockDurationMs?: number
  /** How often entries are looked for whose worker has gone. Default 10,000. */
  readonly stalledIntervalMs?: number
  /** How often an entry may lose its worker before BullMQ drops it from the queue; the job is then for a sweep to rescue. Default 5. */
  readonly maxStalledCount?: number
  /** How long one wait for an entry of an empty queue lasts. Default 5,000. */
  readonly drainDelayMs?: number
  /** How long after its signal was aborted `process` may take to return, before its entry is handed back without it. Default 5,000. */
  readonly abortGraceMs?: number
  readonly now?: Clock
}

export interface RouteWorker {
  /** Resolves when the worker has reached Redis and fetches entries. */
  ready(): Promise<void>
  /**
   * Stops fetching at once, lets what runs finish for `graceMs`, then aborts the signals with `WorkerDraining` and waits for
   * the entries to be handed back. Resolves when nothing is left, also while Redis is away.
   */
  close(options: { readonly graceMs: number }): Promise<void>
}

function workerOptions(options: RouteWorkerOptions, connection: Redis): WorkerOptions {
  return {
    connection,
    prefix: options.redis.namespace,
    concurrency: options.concurrency,
    lockDuration: options.lockDurationMs ?? 30_000,
    stalledInterval: options.stalledIntervalMs ?? 10_000,
    maxStalledCount: options.maxStalledCount ?? 5,
    drainDelay: (options.drainDelayMs ?? 5_000) / 1_000,
    // Limits nothing: workers without a limiter do not look whether the route was closed.
    limiter: { max: closedCount, duration: 1_000 },
    maximumRateLimitDelay: closedRouteCheckMs,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  }
}

interface Parts {
  readonly worker: Worker<unknown, void, string, RedisQueueBackend>
  readonly executions: Executions
  readonly connections: readonly [commands: Redis, blocking: Redis]
}

async function closeParts({ worker, executions, connections }: Parts, graceMs: number): Promise<void> {
  const [commands, blocking] = connections
  const closed = worker.close()
  if (!(await settlesWithin(executions.idle(), graceMs))) {
    executions.abortAll()
    await executions.idle()
  }
  // Without Redis BullMQ would wait for ever; ending the connection rejects what it waits for.
  if (!(await settlesWithin(closed, farewellMs))) await endConnection(commands)
  await closed
  await Promise.all([endConnection(commands), endConnection(blocking)])
}

/**
 * Processes the entries of a route until it is closed. An entry is processed by one worker at a time; one whose worker has
 * gone is taken over by another.
 */
export function createRouteWorker(options: RouteWorkerOptions): RouteWorker {
  const { redis, route, process, abortGraceMs = 5_000, now = () => new Date() } = options
  const silentSocketMs = options.lockDurationMs ?? 30_000
  const commands = redis.open({ role: "worker", silentSocketMs })
  const blocking = redis.open({ role: "blocking", silentSocketMs })
  const executions = createExecutions({ abortGraceMs })
  const drain = new AbortController()
  let closed: Promise<void> | undefined

  const queue = routeQueueName(route)
  const line = openFairLine({ client: commands, namespace: redis.namespace, queue })
  const processEntry = createEntryProcessor({
    route,
    process,
    executions,
    attendant: createLineAttendant({ route, line, reporter: redis.reporter }),
    backend: () => worker.getBackend(),
    isDraining: () => drain.signal.aborted,
    reporter: redis.reporter,
    now,
  })
  const worker = new Worker<unknown, void, string, RedisQueueBackend>(
    queue,
    (job, token = "") => processEntry(job, token),
    workerOptions(options, commands),
    workerBackend({ prefix: redis.namespace, commands, blocking, closing: drain.signal }),
  )
  worker.on("error", (error) => {
    if (!drain.signal.aborted) redis.reporter.reportAs(`Worker of route ${route}, Redis at ${redis.address}: ${reasonOf(error)}`, error)
  })
  worker.on("failed", (job, error) => {
    redis.reporter.report(
      new Error(`Entry ${job?.id} of route ${route} was dropped from the queue: ${error.message}. The job is safe in the store.`),
    )
  })
  const close = ({ graceMs }: { readonly graceMs: number }): Promise<void> => {
    drain.abort()
    closed ??= closeParts({ worker, executions, connections: [commands, blocking] }, graceMs).finally(forget)
    return closed
  }
  const forget = redis.onClose(() => close({ graceMs: 0 }))
  return {
    ready: async () => {
      await worker.waitUntilReady()
    },
    close,
  }
}
