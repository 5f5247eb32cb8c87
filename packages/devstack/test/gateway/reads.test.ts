import { beforeAll, describe, expect, test } from "vitest"
import { useTestDatabase } from "../support/test-database.ts"

interface Job {
  _id: number
  tenant: string
  at: Date
  notBefore?: Date
  tags: string[]
  input: { size: number }
}

const { db } = useTestDatabase()
const jobs = db.collection<Job>("jobs")
const COUNT = 2_000
const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n))

beforeAll(async () => {
  await jobs.createIndex({ tenant: 1, at: -1 })
  await jobs.insertMany(
    Array.from({ length: COUNT }, (_, i) => ({
      _id: i,
      tenant: `t${i % 4}`,
      at: day(i % 100),
      tags: i % 2 ? ["odd", "all"] : ["all"],
      input: { size: i * 10 },
      ...(i % 5 === 0 && { notBefore: day(i % 10) }),
    })),
  )
})

const ids = (documents: readonly { _id: number }[]) => documents.map(({ _id }) => _id)

describe("find", () => {
  test("filters by $in, $or, $exists, nested fields, arrays and ranges of dates", async () => {
    expect(
      ids(
        await jobs
          .find({ _id: { $in: [5, 3, 99_999] } })
          .sort({ _id: 1 })
          .toArray(),
      ),
    ).toEqual([3, 5])
    expect(await jobs.countDocuments({ $or: [{ tenant: "t1" }, { "input.size": { $lt: 50 } }] })).toBe(500 + 4)
    expect(await jobs.countDocuments({ notBefore: { $exists: false } })).toBe(1_600)
    expect(await jobs.countDocuments({ at: { $gte: day(10), $lt: day(12) } })).toBe(40)
    expect(await jobs.countDocuments({ tags: "odd", tenant: { $ne: "t1" } })).toBe(500)
    expect(await jobs.countDocuments({ tags: { $size: 1 }, _id: { $mod: [4, 0] } })).toBe(500)
  })

  test("sorts by a compound index, skips, limits and projects", async () => {
    const page = await jobs.find({ tenant: "t2" }).sort({ at: -1, _id: 1 }).skip(1).limit(3).project({ at: 1 }).toArray()
    expect(page).toEqual([
      { _id: 198, at: day(98) },
      { _id: 298, at: day(98) },
      { _id: 398, at: day(98) },
    ])
  })

  test("accepts what drivers add: hint, comment, read concern, read preference, collation-free options", async () => {
    const found = await jobs
      .find(
        { tenant: "t1" },
        {
          hint: { tenant: 1, at: -1 },
          comment: "why",
          readConcern: "majority",
          readPreference: "primaryPreferred",
          allowDiskUse: true,
          noCursorTimeout: true,
        },
      )
      .limit(2)
      .toArray()
    expect(found).toHaveLength(2)
  })

  test("reads a cursor over many batches, each document once, while others write", async () => {
    const seen: number[] = []
    const cursor = jobs.find({}, { batchSize: 100 }).sort({ _id: 1 })
    for await (const { _id } of cursor) {
      seen.push(_id)
      if (_id % 500 === 0) await jobs.updateOne({ _id: COUNT - 1 - _id }, { $set: { touched: true } })
    }
    expect(seen).toEqual(Array.from({ length: COUNT }, (_, i) => i))
    await expect(jobs.find({}, { batchSize: 7 }).limit(100).toArray()).resolves.toHaveLength(100)
  })

  test("many cursors at once, more than there are connections to the engine", async () => {
    const cursors = Array.from({ length: 40 }, (_, i) => jobs.find({ tenant: `t${i % 4}` }, { batchSize: 50 }).sort({ at: 1, _id: 1 }))
    for (const cursor of cursors) await cursor.next()
    const rests = await Promise.all(cursors.map((cursor) => cursor.toArray()))
    expect(rests.map(({ length }) => length)).toEqual(Array.from({ length: 40 }, () => 499))
  })

  test("a cursor that was closed is gone", async () => {
    const cursor = jobs.find({}, { batchSize: 2 })
    await cursor.next()
    const id = cursor.id
    await cursor.close()
    await expect(db.command({ getMore: id, collection: "jobs" })).rejects.toMatchObject({ code: 43, codeName: "CursorNotFound" })
    const reply = await db.command({ killCursors: "jobs", cursors: [id] }, { promoteLongs: false })
    expect(reply).toMatchObject({ ok: 1, cursorsKilled: [], cursorsNotFound: [id] })
  })

  test("findOne of nothing is null, also in a collection that does not exist", async () => {
    expect(await jobs.findOne({ _id: -1 })).toBeNull()
    expect(await db.collection("nowhere").find().toArray()).toEqual([])
    expect(await db.collection("nowhere").countDocuments()).toBe(0)
  })

  test("an unknown operator in a filter is refused", async () => {
    await expect(jobs.find({ tenant: { $nonsense: 1 } }).toArray()).rejects.toMatchObject({ code: 2, codeName: "BadValue" })
  })
})

describe("aggregate", () => {
  test("$match, $group, $sort", async () => {
    const groups = await jobs
      .aggregate([
        { $match: { _id: { $lt: 100 } } },
        { $group: { _id: "$tenant", count: { $sum: 1 }, largest: { $max: "$input.size" } } },
        { $sort: { _id: 1 } },
      ])
      .toArray()
    expect(groups).toEqual([
      { _id: "t0", count: 25, largest: 960 },
      { _id: "t1", count: 25, largest: 970 },
      { _id: "t2", count: 25, largest: 980 },
      { _id: "t3", count: 25, largest: 990 },
    ])
  })

  test("$facet, $count, $unwind", async () => {
    const [facets] = await jobs
      .aggregate([
        {
          $facet: {
            total: [{ $count: "n" }],
            byTag: [{ $unwind: "$tags" }, { $group: { _id: "$tags", n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
            first: [{ $sort: { _id: 1 } }, { $limit: 1 }, { $project: { _id: 1 } }],
          },
        },
      ])
      .toArray()
    expect(facets).toEqual({
      total: [{ n: COUNT }],
      byTag: [
        { _id: "all", n: COUNT },
        { _id: "odd", n: COUNT / 2 },
      ],
      first: [{ _id: 0 }],
    })
  })

  test("its cursor goes over many batches", async () => {
    const documents = await jobs
      .aggregate([{ $sort: { _id: -1 } }, { $project: { double: { $multiply: ["$_id", 2] } } }], { batchSize: 99 })
      .toArray()
    expect(documents.map(({ double }) => double)).toEqual(Array.from({ length: COUNT }, (_, i) => 2 * (COUNT - 1 - i)))
  })
})

describe("count, distinct and explain", () => {
  test("count and distinct", async () => {
    expect(await jobs.estimatedDocumentCount()).toBe(COUNT)
    expect(await jobs.distinct("tenant", { _id: { $lt: 3 } })).toEqual(["t0", "t1", "t2"])
  })

  test("explain names the index that a query uses", async () => {
    const plan = await jobs.find({ tenant: "t1", at: { $gt: day(50) } }).explain("executionStats")
    expect(JSON.stringify(plan)).toContain("tenant_1_at_-1")
  })
})
