import { setTimeout as delay } from "node:timers/promises"
import type { Collection, Db, Document, MongoClient } from "mongodb"
import { CommandHungError } from "../errors/command-hung-error.ts"
import { watchHeartbeats } from "./watch-heartbeats.ts"

/** The database through the driver's client of the moment, which is replaced when it hangs. */
export interface Database {
  /** To be asked for anew for each operation. */
  current(): Db
  /**
   * Sends a command. Rejects with `CommandHungError` when the driver has not settled it long after its own limits, so that
   * nobody waits for it forever.
   */
  send<T>(command: (db: Db) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Sends a command to one collection, as `Database.send` does. */
export type SendTo<Item extends Document> = <T>(command: (collection: Collection<Item>) => Promise<T>) => Promise<T>

export function sendTo<Item extends Document>(database: Database, name: string): SendTo<Item> {
  return (command) => database.send((db) => command(db.collection<Item>(name)))
}

export interface DatabaseOptions {
  /** Makes a client that is not connected yet. */
  readonly makeClient: () => MongoClient
  readonly name: string
  /** When a command counts as hung: later than all of the driver's limits together. */
  readonly commandTimeoutMs: number
  readonly heartbeatSlackMs?: number
}

/** Pause between attempts to replace a client. */
const replacementDelayMs = 1_000

/** Connects once; rejects with the driver's error when that fails. From then on it takes care of the connection itself. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { name, commandTimeoutMs, heartbeatSlackMs } = options
  const closing = new AbortController()
  let client = await connect(options)
  let unwatch = watch()
  let replacement: Promise<void> | null = null

  function watch(): () => void {
    return watchHeartbeats(client, { onHung: replaceSoon, ...(heartbeatSlackMs !== undefined && { slackMs: heartbeatSlackMs }) })
  }

  function replaceSoon(): void {
    if (closing.signal.aborted) return
    replacement ??= replace()
      .catch(() => undefined) // Only closing ends the attempts.
      .finally(() => {
        replacement = null
      })
  }

  async function replace(): Promise<void> {
    for (;;) {
      const fresh = await connect(options).catch(() => null)
      if (fresh) return swap(fresh)
      await delay(replacementDelayMs, undefined, { signal: closing.signal })
    }
  }

  function swap(fresh: MongoClient): void {
    unwatch()
    abandon(client)
    client = fresh
    unwatch = watch()
  }

  async function send<T>(command: (db: Db) => Promise<T>): Promise<T> {
    return await settledWithin(command(client.db(name)), commandTimeoutMs).catch((error: unknown) => {
      if (error instanceof CommandHungError) replaceSoon()
      throw error
    })
  }

  async function close(): Promise<void> {
    closing.abort()
    await replacement
    unwatch()
    // Whatever was acknowledged is safe; how the rest of the connection ends concerns nobody.
    await settledWithin(client.close(), commandTimeoutMs).catch(() => undefined)
  }

  return { current: () => client.db(name), send, close }
}

async function connect({ makeClient, commandTimeoutMs }: DatabaseOptions): Promise<MongoClient> {
  const client = makeClient()
  try {
    return await settledWithin(client.connect(), commandTimeoutMs)
  } catch (error) {
    abandon(client)
    throw error
  }
}

/** Closes a client that nobody uses any more, and whose troubles nobody needs to hear of. */
function abandon(client: MongoClient): void {
  client.close().catch(() => undefined)
}

async function settledWithin<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CommandHungError({ timeoutMs })), timeoutMs)
  })
  try {
    return await Promise.race([promise, timeIsUp])
  } finally {
    clearTimeout(timer)
  }
}
