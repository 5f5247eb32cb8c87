import { randomUUID } from "node:crypto"
import { type Db, MongoClient, type MongoClientOptions } from "mongodb"
import { afterAll, beforeAll, inject } from "vitest"

export interface TestDatabase {
  client: MongoClient
  db: Db
}

/** A database of its own for the tests of one file, on the server that the test run provides; dropped afterwards. */
export function useTestDatabase(options: MongoClientOptions = {}): TestDatabase {
  const client = new MongoClient(inject("mongodbUrl"), options)
  const db = client.db(`devstack_${randomUUID().replaceAll("-", "").slice(0, 16)}`)
  beforeAll(async () => {
    await client.connect()
  })
  afterAll(async () => {
    await db.dropDatabase()
    await client.close()
  })
  return { client, db }
}
