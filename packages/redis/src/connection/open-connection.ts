import { Redis, type RedisOptions } from "ioredis"
import type { ErrorReporter } from "./error-reporter.ts"
import { reasonOf } from "./reason-of.ts"

/**
 * `producer` refuses commands while Redis is away; `worker` and `subscriber` keep them until it is back; `blocking` is the
 * connection on which a worker waits for entries.
 */
export type ConnectionRole = "producer" | "worker" | "blocking" | "subscriber"

const connectTimeoutMs = 5_000
/** How long a peer may take to close its side of a connection that we end. */
const disconnectTimeoutMs = 500
const maxReconnectDelayMs = 1_000
/** How ioredis is told what to do after an error. */
const reconnect = 1
const reconnectAndResend = 2

/** Doubles from 50 ms to a second, plus up to a fifth, so that a fleet does not come back in one instant. */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  const delayMs = Math.min(50 * 2 ** (attempt - 1), maxReconnectDelayMs)
  return Math.round(delayMs * (1 + random() / 5))
}

type RoleOptions = Pick<RedisOptions, "enableOfflineQueue" | "maxRetriesPerRequest" | "socketTimeout">

function optionsOf(role: ConnectionRole, silentSocketMs: number): RoleOptions {
  switch (role) {
    case "producer":
      // With a retry allowed, commands would outlive a lost connection and be sent again long after their caller has left.
      return { enableOfflineQueue: false, maxRetriesPerRequest: 0, socketTimeout: silentSocketMs }
    case "worker":
      return { maxRetriesPerRequest: null, socketTimeout: silentSocketMs }
    case "blocking":
    case "subscriber":
      // These are silent while nothing happens.
      return { maxRetriesPerRequest: null }
  }
}

/**
 * Connects, and reconnects for ever after an outage. `silentSocketMs`: a socket on which commands wait for an answer that
 * long is given up and replaced, since a peer that vanished would keep it open for a quarter of an hour.
 */
export function openConnection(options: {
  readonly url: string
  readonly address: string
  readonly name: string
  readonly role: ConnectionRole
  readonly silentSocketMs: number
  readonly reporter: ErrorReporter
}): Redis {
  const { url, address, name, role, reporter } = options
  const onReadOnly = role === "producer" ? reconnect : reconnectAndResend
  const client = new Redis(url, {
    ...optionsOf(role, options.silentSocketMs),
    connectionName: `${name}:${role}`,
    connectTimeout: connectTimeoutMs,
    disconnectTimeout: disconnectTimeoutMs,
    retryStrategy: (attempt) => reconnectDelayMs(attempt),
    // After a failover behind one address the old connections still lead to what is a replica now.
    reconnectOnError: (error) => (error.message.includes("READONLY") ? onReadOnly : false),
  })
  client.on("error", (error: unknown) => {
    reporter.reportAs(`Redis at ${address} (${role} connection): ${reasonOf(error)}. It is tried again until it answers.`, error)
  })
  return client
}
