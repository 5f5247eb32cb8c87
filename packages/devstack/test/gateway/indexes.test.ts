import { describe, expect, test } from "vitest"
import { useTestDatabase } from "../support/test-database.ts"

const { db, client } = useTestDatabase()
let collections = 0
const newCollection = () => db.collection<{ _id: number; [field: string]: unknown }>(`indexes_${++collections}`)

describe("createIndexes", () => {
  test("a unique index enforces from the moment that it is created, also on documents that were there", async () => {
    const items = newCollection()
    await items.insertMany(Array.from({ length: 1_000 }, (_, i) => ({ _id: i, key: `k${i}` })))
    await items.createIndex({ key: 1 }, { unique: true, name: "by_key" })
    await expect(items.insertOne({ _id: 5_000, key: "k7" })).rejects.toMatchObject({
      code: 11000,
      message: expect.stringContaining("by_key"),
    })
  })

  test("a partial unique index enforces only where its filter holds", async () => {
    const items = newCollection()
    await items.createIndex(
      { tenant: 1, key: 1 },
      { unique: true, name: "idempotency", partialFilterExpression: { key: { $exists: true } } },
    )
    await items.insertMany([
      { _id: 1, tenant: "a" },
      { _id: 2, tenant: "a" },
      { _id: 3, tenant: "a", key: "x" },
      { _id: 4, tenant: "b", key: "x" },
    ])
    await expect(items.insertOne({ _id: 5, tenant: "a", key: "x" })).rejects.toMatchObject({
      code: 11000,
      message: expect.stringContaining("idempotency"),
    })
    await expect(items.updateOne({ _id: 1 }, { $set: { key: "x" } })).rejects.toMatchObject({
      code: 11000,
      message: expect.stringContaining("idempotency"),
    })
    await items.updateOne({ _id: 3 }, { $unset: { key: "" } })
    await expect(items.insertOne({ _id: 5, tenant: "a", key: "x" })).resolves.toMatchObject({ acknowledged: true })
  })

  test("of many inserts of one key at once exactly one succeeds", async () => {
    const items = newCollection()
    await items.createIndex({ key: 1 }, { unique: true })
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => items.insertOne({ _id: i, key: "same" })))
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: 11000 })
  })

  test("a unique index over documents that collide is refused as a duplicate key", async () => {
    const items = newCollection()
    await items.insertMany([
      { _id: 1, key: "same" },
      { _id: 2, key: "same" },
    ])
    await expect(items.createIndex({ key: 1 }, { unique: true, name: "by_key" })).rejects.toMatchObject({
      code: 11000,
      codeName: "DuplicateKey",
      message: expect.stringContaining("by_key"),
    })
    expect((await items.indexes()).map(({ name }) => name)).toEqual(["_id_"])
  })

  test("the same index again changes nothing; another under its name is refused", async () => {
    const items = newCollection()
    await items.createIndexes([{ key: { a: 1, b: -1 }, name: "ab" }, { key: { c: 1 } }])
    await items.createIndexes([{ key: { a: 1, b: -1 }, name: "ab" }])
    expect((await items.indexes()).map(({ name }) => name)).toEqual(["_id_", "ab", "c_1"])
    await expect(items.createIndex({ d: 1 }, { name: "ab" })).rejects.toMatchObject({ code: expect.toBeOneOf([85, 86]) })
  })

  test("many clients may create the same indexes and collection at once", async () => {
    const items = newCollection()
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        await items.createIndexes([{ key: { key: 1 }, unique: true }, { key: { at: 1 } }])
        await items.insertOne({ _id: i, key: i })
      }),
    )
    expect((await items.indexes()).map(({ name }) => name).sort()).toEqual(["_id_", "at_1", "key_1"])
    expect(await items.countDocuments()).toBe(12)
  })
})

describe("the catalogue", () => {
  test("indexes are listed with their options, and dropped", async () => {
    const items = newCollection()
    await items.createIndex({ key: 1 }, { unique: true, partialFilterExpression: { key: { $exists: true } } })
    expect(await items.indexes()).toMatchObject([
      { name: "_id_" },
      { name: "key_1", key: { key: 1 }, unique: true, partialFilterExpression: { key: { $exists: true } } },
    ])
    expect(await items.dropIndex("key_1")).toMatchObject({ ok: 1 })
    await items.insertMany([
      { _id: 1, key: 1 },
      { _id: 2, key: 1 },
    ])
    await expect(items.dropIndex("key_1")).rejects.toMatchObject({ code: 27, codeName: "IndexNotFound" })
  })

  test("collections are created, listed, renamed, measured and dropped", async () => {
    const other = client.db(`${db.databaseName}_catalogue`)
    await other.createCollection("a")
    await other.collection<{ _id: number }>("b").insertOne({ _id: 1 })
    expect((await other.listCollections().toArray()).map(({ name }) => name).sort()).toEqual(["a", "b"])
    expect(await other.listCollections({ name: "a" }, { nameOnly: true }).toArray()).toMatchObject([{ name: "a", type: "collection" }])
    await other.collection("b").rename("c")
    expect(await other.command({ collStats: "c" })).toMatchObject({ count: 1, nindexes: 1, ok: 1 })
    expect(await other.stats()).toMatchObject({ db: other.databaseName, collections: 2, ok: 1 })
    expect((await client.db().admin().listDatabases()).databases.map(({ name }) => name)).toContain(other.databaseName)
    expect(await other.collection("c").drop()).toBe(true)
    expect(await other.collection("c").drop()).toBe(true)
    await other.dropDatabase()
    expect(await other.listCollections().toArray()).toEqual([])
  })
})
