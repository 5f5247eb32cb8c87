import type { Redis } from "ioredis"
import { type CommandBudget, createCommandBudget } from "./command-budget.ts"
import { endConnection } from "./end-connection.ts"
import { createErrorReporter, type ErrorReporter } from "./error-reporter.ts"
import { type ConnectionRole, openConnection } from "./open-connection.ts"
import { queueUnavailable } from "./queue-unavailable.ts"
import { redisAddress } from "./redis-address.ts"
import { serverFindings } from "./server-settings.ts"
import { createSubscriptions, type Subscriptions } from "./subscriptions.ts"

export interface ConnectRedisOptions {
  /** `redis://[user:password@]host:6379[/db]`, or `rediss://` for TLS. */
  readonly url: string
  /** Prefix of every key and channel, so that several installations can share a server. Default `sluice`. */
  readonly namespace?: string | undefined
  /** How long all Redis work of one caller may take. Default 800. */
  readonly commandBudgetMs?: number | undefined
  /** How long Redis is left alone after it did not answer in time. Default 2,000. */
  readonly skipAfterTimeoutMs?: number | undefined
  /** Told of outages, of settings of the server that endanger entries, and of defects; the same text at most every 30 s. */
  readonly onError: (error: Error) => void
}

/**
 * A process's way to Redis. What the other functions of this package open through it, `close` closes. The members from
 * `address` on are for those functions.
 */
export interface RedisHandle {
  readonly namespace: string
  /** Asks whether Redis answers. Rejects with `QueueUnavailableError` when it does not within the command budget. */
  ping(): Promise<{ readonly latencyMs: number }>
  /** Closes everything that was opened through this handle, the last first. Resolves when nothing of it is left. */
  close(): Promise<void>

  readonly address: string
  readonly producer: Redis
  readonly budget: CommandBudget
  readonly subscriptions: Subscriptions
  readonly reporter: ErrorReporter
  /** A further connection, which its opener ends. */
  open(options: { readonly role: ConnectionRole; readonly silentSocketMs: number }): Redis
  /** Has `release` called by `close`, before what was opened earlier is released. Returns a function that forgets it. */
  onClose(release: () => Promise<void>): () => void
}

const namespacePattern = /^[A-Za-z0-9_.-]{1,64}$/

function checkedNamespace(namespace: string): string {
  if (namespacePattern.test(namespace)) return namespace
  throw new TypeError(`The Redis namespace "${namespace}" is not valid: use 1 to 64 letters, digits, dots, dashes or underscores.`)
}

interface Releasers {
  add(release: () => Promise<void>): () => void
  /** Runs all once, last in first out; one that fails does not keep the others from running. */
  run(): Promise<void>
}

function createReleasers(reporter: ErrorReporter): Releasers {
  const releasers = new Set<() => Promise<void>>()
  let released: Promise<void> | undefined
  const releaseAll = async (): Promise<void> => {
    for (const release of Array.from(releasers).reverse()) await release().catch(reporter.report)
  }
  return {
    add: (release) => {
      releasers.add(release)
      return () => void releasers.delete(release)
    },
    run: () => {
      released ??= releaseAll()
      return released
    },
  }
}

/**
 * Connects to Redis without waiting for it: what is asked before it answers fails fast, and everything recovers by itself
 * when Redis appears, comes back or answers again. Throws a TypeError when the URL or the namespace is not valid.
 */
export function connectRedis(options: ConnectRedisOptions): RedisHandle {
  const { url, commandBudgetMs = 800, skipAfterTimeoutMs = 2_000 } = options
  const address = redisAddress(url)
  const namespace = checkedNamespace(options.namespace ?? "sluice")
  const reporter = createErrorReporter({ onError: options.onError })
  const budget = createCommandBudget({ address, budgetMs: commandBudgetMs, skipAfterTimeoutMs })
  const releasers = createReleasers(reporter)

  const open: RedisHandle["open"] = (request) => openConnection({ url, address, name: namespace, reporter, ...request })
  const openOwned = (role: ConnectionRole): Redis => {
    const client = open({ role, silentSocketMs: 2 * commandBudgetMs })
    releasers.add(() => endConnection(client))
    return client
  }
  const producer = openOwned("producer")
  const reportFindings = (info: string): void => {
    for (const finding of serverFindings(info, address)) reporter.report(new Error(finding))
  }
  // What keeps the question from being answered is reported by the connection, or is a server that does not allow it.
  producer.on("ready", () => void producer.info().then(reportFindings, () => {}))
  return {
    namespace,
    address,
    producer,
    budget,
    reporter,
    subscriptions: createSubscriptions({ open: () => openOwned("subscriber"), reporter }),
    open,
    onClose: releasers.add,
    ping: async () => {
      const startedAt = performance.now()
      await budget.run(() => producer.ping()).catch((error: unknown) => Promise.reject(queueUnavailable(address, error)))
      return { latencyMs: performance.now() - startedAt }
    },
    close: releasers.run,
  }
}
