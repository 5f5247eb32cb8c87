import { Binary, Decimal128, type Document, Long, MongoBulkWriteError, type MongoServerError, ObjectId, Timestamp, UUID } from "mongodb"
import { describe, expect, test } from "vitest"
import { useTestDatabase } from "../support/test-database.ts"

/** Loose, for the operators are what is tried here. */
type Item = Document & { _id: number | string }

const { db } = useTestDatabase()
let collections = 0
const newCollection = <T extends Document = Item>() => db.collection<T>(`writes_${++collections}`)

describe("insertMany", () => {
  test("unordered, with duplicates: the others are inserted, and each duplicate is reported by its index", async () => {
    const items = newCollection()
    await items.createIndex({ key: 1 }, { unique: true, name: "by_key" })
    await items.insertOne({ _id: 1, key: "a" })

    const error = await items
      .insertMany(
        [
          { _id: 2, key: "b" },
          { _id: 1, key: "c" },
          { _id: 3, key: "a" },
          { _id: 4, key: "d" },
        ],
        { ordered: false },
      )
      .catch((reason: unknown) => reason)

    if (!(error instanceof MongoBulkWriteError)) throw error
    expect(error.insertedCount).toBe(2)
    expect([error.writeErrors].flat().map(({ code, index }) => ({ code, index }))).toEqual([
      { code: 11000, index: 1 },
      { code: 11000, index: 2 },
    ])
    expect([error.writeErrors].flat().map(({ errmsg }) => errmsg)).toEqual([
      expect.stringContaining("_id_"),
      expect.stringContaining("by_key"),
    ])
    expect(await items.distinct("_id")).toEqual([1, 2, 4])
  })

  test("ordered: nothing after the first duplicate is inserted", async () => {
    const items = newCollection()
    const error = await items.insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }]).catch((reason: unknown) => reason)
    if (!(error instanceof MongoBulkWriteError)) throw error
    expect(error.insertedCount).toBe(1)
    expect(await items.distinct("_id")).toEqual([1])
  })

  test("takes thousands of documents at once", async () => {
    const items = newCollection()
    const { insertedCount } = await items.insertMany(Array.from({ length: 30_000 }, (_, i) => ({ _id: i, text: "x".repeat(100) })))
    expect(insertedCount).toBe(30_000)
    expect(await items.countDocuments()).toBe(30_000)
  })

  test("a write with majority write concern is acknowledged", async () => {
    const { acknowledged } = await newCollection().insertOne({ _id: 1 }, { writeConcern: { w: "majority", journal: true } })
    expect(acknowledged).toBe(true)
  })
})

describe("bulkWrite", () => {
  test("unordered updates by filter: matched and modified are counted apart", async () => {
    const items = newCollection()
    await items.insertMany([
      { _id: 1, status: "queued" },
      { _id: 2, status: "running" },
      { _id: 3, status: "done" },
    ])

    const result = await items.bulkWrite(
      [
        { updateOne: { filter: { _id: 1, status: "queued" }, update: { $set: { status: "running" } } } },
        { updateOne: { filter: { _id: 2, status: "running" }, update: { $set: { status: "running" } } } },
        { updateOne: { filter: { _id: 3, status: "queued" }, update: { $set: { status: "running" } } } },
        { updateOne: { filter: { _id: 4 }, update: { $set: { status: "new" } }, upsert: true } },
        { deleteOne: { filter: { _id: 3 } } },
      ],
      { ordered: false, comment: "from a test" },
    )

    expect(result).toMatchObject({ matchedCount: 2, modifiedCount: 1, upsertedCount: 1, upsertedIds: { 3: 4 }, deletedCount: 1 })
    expect(await items.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, status: "running" },
      { _id: 2, status: "running" },
      { _id: 4, status: "new" },
    ])
  })

  test("one update that fails does not stop the others", async () => {
    const items = newCollection()
    await items.createIndex({ key: 1 }, { unique: true, name: "by_key" })
    await items.insertMany([
      { _id: 1, key: 1 },
      { _id: 2, key: 2 },
      { _id: 3, key: 3 },
    ])

    const error = await items
      .bulkWrite(
        [1, 2, 3].map((id) => ({ updateOne: { filter: { _id: id }, update: { $set: { key: id === 2 ? 3 : id * 10 } } } })),
        { ordered: false },
      )
      .catch((reason: unknown) => reason)

    if (!(error instanceof MongoBulkWriteError)) throw error
    expect(error.matchedCount).toBe(2)
    expect([error.writeErrors].flat()).toMatchObject([{ code: 11000, index: 1, errmsg: expect.stringContaining("by_key") }])
    expect((await items.find().sort({ _id: 1 }).toArray()).map(({ key }) => key)).toEqual([10, 2, 30])
  })

  test("an unknown operator is refused with MongoDB's code", async () => {
    const items = newCollection()
    await items.insertOne({ _id: 1 })
    await expect(items.updateOne({ _id: 1 }, { $nonsense: { a: 1 } })).rejects.toMatchObject({
      code: 9,
    } satisfies Partial<MongoServerError>)
  })
})

describe("updates", () => {
  test("compare and set: only the first of many wins", async () => {
    const items = newCollection()
    await items.insertOne({ _id: 1, run: 1, status: "queued" })
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, worker) =>
        items.updateOne(
          { _id: 1, run: 1, status: "queued" },
          { $set: { status: "running", claim: { token: `t${worker}`, at: new Date() } } },
        ),
      ),
    )
    expect(claims.filter(({ modifiedCount }) => modifiedCount === 1)).toHaveLength(1)
  })

  test("$set, $unset, $inc, $push with $each and $slice, in one update", async () => {
    const items = newCollection<{
      _id: number
      gone?: boolean
      count: number
      fresh?: number
      never?: number
      events: number[]
      nested: { a: number; b: number }
    }>()
    await items.insertOne({ _id: 1, gone: true, count: 1, events: [1, 2, 3], nested: { a: 1, b: 2 } })
    await items.updateOne(
      { _id: 1 },
      {
        $set: { "nested.a": 10 },
        $unset: { gone: "" },
        $inc: { count: 2, fresh: 1 },
        $push: { events: { $each: [4, 5], $slice: -3 } },
        $setOnInsert: { never: 1 },
      },
    )
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, count: 3, fresh: 1, events: [3, 4, 5], nested: { a: 10, b: 2 } })
  })

  test("array operators: positional, all, filtered, $pull, $addToSet", async () => {
    const items = newCollection<{ _id: number; list: { id: string; done: boolean; late?: boolean; seen?: number }[]; tags: string[] }>()
    await items.insertOne({
      _id: 1,
      list: [
        { id: "a", done: false },
        { id: "b", done: false },
        { id: "c", done: false },
      ],
      tags: ["x", "y"],
    })
    await items.updateOne({ _id: 1, "list.id": "b" }, { $set: { "list.$.done": true } })
    await items.updateOne({ _id: 1 }, { $set: { "list.$[which].late": true } }, { arrayFilters: [{ "which.done": false }] })
    await items.updateOne({ _id: 1 }, { $inc: { "list.$[].seen": 1 }, $pull: { tags: "x" } })
    await items.updateOne({ _id: 1 }, { $addToSet: { tags: { $each: ["y", "z"] } } })
    expect(await items.findOne({ _id: 1 })).toEqual({
      _id: 1,
      list: [
        { id: "a", done: false, late: true, seen: 1 },
        { id: "b", done: true, seen: 1 },
        { id: "c", done: false, late: true, seen: 1 },
      ],
      tags: ["y", "z"],
    })
  })

  test("an update as a pipeline may use the document's own fields", async () => {
    const items = newCollection()
    await items.insertOne({ _id: 1, a: 2, b: 3 })
    await items.updateOne({ _id: 1 }, [{ $set: { sum: { $add: ["$a", "$b"] } } }])
    expect(await items.findOne({ _id: 1 })).toMatchObject({ sum: 5 })
  })

  test("updateMany, replaceOne and deleteMany count what they touch", async () => {
    const items = newCollection()
    await items.insertMany(Array.from({ length: 10 }, (_, i) => ({ _id: i, even: i % 2 === 0 })))
    expect(await items.updateMany({ even: true }, { $set: { seen: true } })).toMatchObject({ matchedCount: 5, modifiedCount: 5 })
    expect(await items.replaceOne({ _id: 1 }, { name: "replaced" })).toMatchObject({ modifiedCount: 1 })
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, name: "replaced" })
    expect(await items.deleteMany({ even: true })).toMatchObject({ deletedCount: 5 })
    expect(await items.countDocuments()).toBe(5)
  })
})

describe("findOneAndUpdate", () => {
  test("upserts and returns the document as it is after", async () => {
    const items = newCollection()
    expect(await items.findOneAndUpdate({ _id: "lease" }, { $set: { owner: "a" } }, { upsert: true, returnDocument: "after" })).toEqual({
      _id: "lease",
      owner: "a",
    })
    expect(await items.findOneAndUpdate({ _id: "lease" }, { $set: { owner: "b" } }, { upsert: true, returnDocument: "before" })).toEqual({
      _id: "lease",
      owner: "a",
    })
    expect(await items.findOneAndUpdate({ _id: "none" }, { $set: { owner: "b" } })).toBeNull()
    expect(await items.findOneAndDelete({ _id: "lease" })).toEqual({ _id: "lease", owner: "b" })
  })

  test("respects sort and projection", async () => {
    const items = newCollection()
    await items.insertMany([
      { _id: 1, at: 2, x: 1 },
      { _id: 2, at: 1, x: 1 },
    ])
    const options = { sort: { at: 1 }, projection: { _id: 1 }, returnDocument: "after" } as const
    expect(await items.findOneAndUpdate({ x: 1 }, { $set: { x: 2 } }, options)).toEqual({ _id: 2 })
  })

  test("a duplicate key is 11000 with the name of the index, for a secondary index and for _id", async () => {
    const items = newCollection()
    await items.createIndex({ key: 1 }, { unique: true, name: "by_key" })
    await items.insertMany([
      { _id: 1, key: 1 },
      { _id: 2, key: 2 },
    ])
    await expect(items.findOneAndUpdate({ _id: 2 }, { $set: { key: 1 } })).rejects.toMatchObject({
      code: 11000,
      codeName: "DuplicateKey",
      message: expect.stringContaining("by_key"),
    })
    await expect(items.findOneAndUpdate({ _id: 1, key: 99 }, { $set: { a: 1 } }, { upsert: true })).rejects.toMatchObject({
      code: 11000,
      message: expect.stringContaining("_id_"),
    })
  })
})

test("every type comes back as it was written", async () => {
  const items = newCollection()
  const document = {
    _id: "types",
    date: new Date("2026-01-02T03:04:05.678Z"),
    binary: new Binary(Buffer.from([0, 1, 255, 0, 66, 83, 79, 78])),
    uuid: new UUID(),
    long: Long.fromString("9223372036854775807"),
    decimal: Decimal128.fromString("12345678901234567890.123456789"),
    double: 0.1,
    int: -1,
    objectId: new ObjectId(),
    timestamp: new Timestamp({ t: 1, i: 2 }),
    regex: /a.b/i,
    nothing: null,
    empty: {},
    list: [[], [1, "two", null]],
    unicode: "\u{1F30A} BSONHEX \u0000 \uFFFF",
  }
  await items.insertOne(document)
  expect(await items.findOne({ _id: "types" }, { promoteLongs: false, promoteValues: true, bsonRegExp: false })).toEqual({
    ...document,
    int: expect.anything(),
  })
  expect((await items.findOne({ _id: "types" }))?.int).toBe(-1)
})
