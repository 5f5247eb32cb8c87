import { MongoClient } from "mongodb"
import { describe, expect, inject, test } from "vitest"
import { useTestDatabase } from "../support/test-database.ts"

const { db } = useTestDatabase({ maxPoolSize: 50 })
const ids = Array.from({ length: 200 }, (_, i) => i)

describe("concurrent writers", () => {
  test("bulk writes in opposite orders all complete: who loses a deadlock is run again", async () => {
    const items = db.collection<{ _id: number; n: number }>("deadlocks")
    await items.insertMany(ids.map((_id) => ({ _id, n: 0 })))
    const rounds = 6
    const bulk = (order: readonly number[]) =>
      items.bulkWrite(
        order.map((_id) => ({ updateOne: { filter: { _id }, update: { $inc: { n: 1 } } } })),
        { ordered: false },
      )

    const results = await Promise.all(Array.from({ length: rounds }, () => [bulk(ids), bulk(ids.toReversed())]).flat())

    expect(results.map(({ modifiedCount }) => modifiedCount)).toEqual(Array.from({ length: 2 * rounds }, () => ids.length))
    expect(await items.distinct("n")).toEqual([2 * rounds])
  })

  test("bulk inserts that share keys, in opposite orders, insert each key once", async () => {
    const items = db.collection<{ _id: number }>("shared_keys")
    await db.createCollection("shared_keys")
    const insert = (order: readonly number[]) =>
      items
        .insertMany(
          order.map((_id) => ({ _id })),
          { ordered: false },
        )
        .catch((error: { insertedCount: number }) => error)
    const results = await Promise.all(Array.from({ length: 4 }, () => [insert(ids), insert(ids.toReversed())]).flat())
    expect(results.reduce((sum, { insertedCount }) => sum + insertedCount, 0)).toBe(ids.length)
    expect(await items.countDocuments()).toBe(ids.length)
  })

  test("many clients that write first create the collection together", async () => {
    const items = db.collection<{ _id: number }>("created_together")
    await Promise.all(ids.slice(0, 50).map((_id) => items.insertOne({ _id })))
    expect(await items.countDocuments()).toBe(50)
  })

  test("increments of one document are not lost", async () => {
    const items = db.collection<{ _id: number; n: number }>("counter")
    await items.insertOne({ _id: 1, n: 0 })
    await Promise.all(ids.map(() => items.updateOne({ _id: 1 }, { $inc: { n: 1 } })))
    expect(await items.findOne()).toEqual({ _id: 1, n: 200 })
  })
})

test("a hundred connections are served at once", async () => {
  const clients = Array.from({ length: 100 }, () => new MongoClient(inject("mongodbUrl"), { minPoolSize: 1, maxPoolSize: 1 }))
  try {
    const items = (client: MongoClient) => client.db(db.databaseName).collection<{ _id: number }>("hundred")
    await Promise.all(clients.map((client, _id) => items(client).insertOne({ _id })))
    expect(await db.collection("hundred").countDocuments()).toBe(100)
  } finally {
    await Promise.all(clients.map((client) => client.close()))
  }
})
