import { createHash } from "node:crypto"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { GridFSBucket } from "mongodb"
import { expect, test } from "vitest"
import { useTestDatabase } from "../support/test-database.ts"

const { db } = useTestDatabase()
const MIB = 1024 * 1024

/** Bytes that neither repeat nor compress, and are the same in each run. */
function noise(bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, i) => createHash("sha256").update(String(i)).digest())
  return Buffer.concat(blocks, bytes)
}

test("GridFS: 5 MB are uploaded, downloaded and deleted", async () => {
  const bucket = new GridFSBucket(db, { bucketName: "outputs" })
  const content = noise(5_000_000)
  const upload = bucket.openUploadStream("output", { metadata: { run: 1 } })
  await pipeline(Readable.from([content]), upload)

  const chunks: Buffer[] = []
  for await (const chunk of bucket.openDownloadStream(upload.id)) chunks.push(chunk)
  expect(Buffer.concat(chunks).equals(content)).toBe(true)
  expect(await bucket.find({ _id: upload.id }).toArray()).toMatchObject([{ length: 5_000_000, metadata: { run: 1 } }])

  await bucket.delete(upload.id)
  expect(await db.collection("outputs.chunks").countDocuments()).toBe(0)
})

test("a document of nearly 16 MB is written, changed and read", async () => {
  const items = db.collection<{ _id: number; data: string; n?: number }>("large")
  const data = noise(8 * MIB - 1024).toString("hex")
  await items.insertOne({ _id: 1, data })
  await items.updateOne({ _id: 1 }, { $set: { n: 1 } })
  const found = await items.findOne({ _id: 1 })
  expect(found?.n).toBe(1)
  expect(found?.data === data).toBe(true)
})

test("several large documents come in batches below the size of a message", async () => {
  const items = db.collection<{ _id: number; data: string }>("several_large")
  const data = noise(4 * MIB).toString("hex")
  for (let _id = 0; _id < 5; _id++) await items.insertOne({ _id, data })
  const found = await items.find().sort({ _id: 1 }).toArray()
  expect(found.map((item) => item.data === data)).toEqual([true, true, true, true, true])
})

test("a document above 16 MB is refused, whether it is sent or grows", async () => {
  const items = db.collection<{ _id: number; data: string; more?: string }>("too_large")
  const half = "x".repeat(9 * MIB)
  await expect(items.insertOne({ _id: 1, data: "x".repeat(16 * MIB + 1) })).rejects.toThrow(/larger than|too large/i)
  await items.insertOne({ _id: 1, data: half })
  await expect(items.updateOne({ _id: 1 }, { $set: { more: half } })).rejects.toThrow(/larger than|too large|exceed/i)
  expect(await items.findOne({ _id: 1 }, { projection: { data: 0 } })).toEqual({ _id: 1 })
})
