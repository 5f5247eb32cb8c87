import { once } from "node:events"
import { connect } from "node:net"
import { describe, expect, inject, test } from "vitest"
import { pollUntil } from "../../src/system/poll-until.ts"
import { useTestDatabase } from "../support/test-database.ts"

const { client, db } = useTestDatabase()

test("an unacknowledged write is not answered, but done", async () => {
  const items = db.collection<{ _id: number }>("unacknowledged")
  await items.insertOne({ _id: 0 })
  for (let _id = 1; _id <= 20; _id++) await items.insertOne({ _id }, { writeConcern: { w: 0 } })
  expect(await pollUntil(async () => (await items.countDocuments()) === 21, { timeoutMs: 10_000 })).toBe(true)
})

describe("maxTimeMS", () => {
  const slow = Array.from({ length: 4 }, (_, i) => ({ $lookup: { from: "slow", pipeline: [], as: `all${i}` } })).flatMap((lookup) => [
    lookup,
    { $unwind: `$${lookup.$lookup.as}` },
  ])

  test("ends what takes longer, with MongoDB's code; the connection works on", async () => {
    const items = db.collection<{ _id: number }>("slow")
    await items.insertMany(Array.from({ length: 200 }, (_, _id) => ({ _id })))
    await expect(items.aggregate([...slow, { $count: "n" }], { maxTimeMS: 50 }).toArray()).rejects.toMatchObject({
      code: 50,
      codeName: "MaxTimeMSExpired",
    })
    expect(await items.find({}, { maxTimeMS: 10_000 }).toArray()).toHaveLength(200)
    expect(await items.countDocuments({}, { maxTimeMS: 10_000 })).toBe(200)
  })
})

test("a command that nobody knows is CommandNotFound", async () => {
  await expect(db.command({ noSuchCommand: 1 })).rejects.toMatchObject({ code: 59, codeName: "CommandNotFound" })
})

test("the server tells what it is", async () => {
  expect(await client.db("admin").command({ buildInfo: 1 })).toMatchObject({ ok: 1, version: expect.stringMatching(/^\d+\.\d+/) })
  expect(await client.db("admin").command({ serverStatus: 1 })).toMatchObject({ ok: 1, pid: expect.any(Number) })
})

test("connections that are cut in the middle of a message leave the others alone", async () => {
  const items = db.collection<{ _id: number }>("beside_the_cut")
  const { hostname, port } = new URL(inject("mongodbUrl"))
  const cut = Array.from({ length: 20 }, async () => {
    const socket = connect(Number(port), hostname)
    await once(socket, "connect")
    socket.write(Buffer.from([0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 221, 7, 0, 0, 0, 0, 0, 0, 0, 50]))
    socket.resetAndDestroy()
  })
  const writes = Array.from({ length: 50 }, (_, _id) => items.insertOne({ _id }))
  await Promise.all([...cut, ...writes])
  expect(await items.countDocuments()).toBe(50)
})
