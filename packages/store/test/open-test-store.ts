import { randomUUID } from "node:crypto"
import { type Db, MongoClient } from "mongodb"
import { inject } from "vitest"
import { openStore, type Store } from "../src/connect-store.ts"
import { createClient } from "../src/connection/create-client.ts"
import type { Upgrades } from "../src/migrations/upgrade.ts"
import type { StoreOptions } from "../src/store-options.ts"

declare module "vitest" {
  export interface ProvidedContext {
    mongodbUrl: string
  }
}

export interface TestStore extends Store {
  /** The clients that the store has made, the present one last. */
  readonly clients: readonly MongoClient[]
  /** The database by a connection of its own, to look behind the port. */
  readonly direct: Db
  readonly database: string
  readonly url: string
  /** How often the driver sent each command. */
  readonly commands: Map<string, number>
}

/** A store over a database of its own, which `close` drops. */
export async function openTestStore(options: Partial<StoreOptions> & { readonly upgrades?: Upgrades } = {}): Promise<TestStore> {
  const url = options.url ?? inject("mongodbUrl")
  const database = options.database ?? `sluice-test-${randomUUID()}`
  const settings = { ...options, url, database }
  const commands = new Map<string, number>()
  const clients: MongoClient[] = []
  const store = await openStore(settings, () => {
    const client = createClient(settings, { monitorCommands: true })
    client.on("commandStarted", ({ commandName }) => commands.set(commandName, (commands.get(commandName) ?? 0) + 1))
    clients.push(client)
    return client
  })
  const observer = new MongoClient(inject("mongodbUrl"))
  const direct = observer.db(database)
  const close = async () => {
    await store.close()
    await direct.dropDatabase()
    await observer.close()
  }
  return { ...store, clients, direct, database, url, commands, close }
}
