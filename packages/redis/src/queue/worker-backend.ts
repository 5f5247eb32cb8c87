import { setTimeout as sleep } from "node:timers/promises"
import { type BackendFactory, QueueKeys, RedisConnection, RedisQueueBackend } from "bullmq"
import type { Redis } from "ioredis"
import { endConnection } from "../connection/end-connection.ts"

/** How long a worker rests after a fetch that Redis refused. */
const refusedFetchRestMs = 1_000

interface WorkerBackendOptions {
  readonly prefix: string
  /** For all commands of the worker. */
  readonly commands: Redis
  /** On which the worker waits for entries. */
  readonly blocking: Redis
  /** Aborted when the worker closes. */
  readonly closing: AbortSignal
}

class WorkerBackend extends RedisQueueBackend {
  readonly #blocking: Redis
  readonly #closing: AbortSignal

  constructor(options: WorkerBackendOptions, ...[name, opts]: Parameters<BackendFactory>) {
    const queueKeys = new QueueKeys(options.prefix)
    super(
      new RedisConnection(options.commands, { shared: true, blocking: false }),
      name,
      queueKeys.getKeys(name),
      (type) => queueKeys.toKey(name, type),
      opts,
      new RedisConnection(options.blocking, { shared: true, blocking: true }),
    )
    this.#blocking = options.blocking
    this.#closing = options.closing
  }

  /** BullMQ's own waits for ever when Redis is away at this moment, and with it would the closing worker. */
  override disconnectBlocking(): Promise<void> {
    return endConnection(this.#blocking)
  }

  /** BullMQ tries again at once, thousands of times a second while Redis is full or read-only. */
  override async moveToActive(...fetch: Parameters<RedisQueueBackend["moveToActive"]>): ReturnType<RedisQueueBackend["moveToActive"]> {
    try {
      return await super.moveToActive(...fetch)
    } catch (error) {
      await sleep(refusedFetchRestMs, undefined, { signal: this.#closing }).catch(() => {})
      throw error
    }
  }
}

/** Has a BullMQ worker use connections that stay ours, so that it can be closed whatever state Redis is in. */
export function workerBackend(options: WorkerBackendOptions): BackendFactory<RedisQueueBackend> {
  return (name, opts) => new WorkerBackend(options, name, opts)
}
