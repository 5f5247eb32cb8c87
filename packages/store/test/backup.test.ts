import { randomUUID } from "node:crypto"
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sampleCacheEntry, sampleJob } from "@sluice/core/testing"
import { type Db, MongoClient } from "mongodb"
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest"
import { backupDatabase, DatabaseNotEmptyError, restoreDatabase } from "../src/index.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const ignore = () => undefined
const jobs = 2_500
const blobBytes = 3 * 1024 * 1024 + 17
const large = { id: "job_blob-1", tenantId: "default", contentType: "application/json", bytes: new Uint8Array(blobBytes).fill(7) }

let source: TestStore
let folder: string
let backup: string
const client = new MongoClient(inject("mongodbUrl"))
const targets: Db[] = []

beforeAll(async () => {
  source = await openTestStore()
  await Promise.all(
    Array.from({ length: jobs }, (_, index) =>
      source.jobs.insert(sampleJob({ id: `job_${String(index).padStart(32, "0")}`, idempotencyKey: `key-${index}` })),
    ),
  )
  await source.blobs.put(large)
  await source.cache.put(sampleCacheEntry())
  folder = mkdtempSync(join(tmpdir(), "sluice-backup-"))
  backup = join(folder, "good")
  await backupDatabase({ url: urlOf(source.database), folder: backup, report: ignore })
})

afterEach(async () => {
  for (const db of targets.splice(0)) await db.dropDatabase()
})

afterAll(async () => {
  await source.close()
  await client.close()
  rmSync(folder, { recursive: true })
})

function urlOf(database: string): string {
  const url = new URL(inject("mongodbUrl"))
  url.pathname = `/${database}`
  return url.href
}

function newTarget(): { db: Db; url: string } {
  const db = client.db(`sluice-test-${randomUUID()}`)
  targets.push(db)
  return { db, url: urlOf(db.databaseName) }
}

async function contentsOf(db: Db): Promise<Record<string, unknown>> {
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)
  const contents = names
    .filter((name) => !name.startsWith("system."))
    .toSorted()
    .map(async (name) => {
      const collection = db.collection(name)
      const documents = await collection.find({}, { promoteValues: false, sort: { _id: 1 }, batchSize: 4 }).toArray()
      const indexes = (await collection.indexes()).toSorted((a, b) => String(a.name).localeCompare(String(b.name)))
      return [name, { documents, indexes }] as const
    })
  return Object.fromEntries(await Promise.all(contents))
}

describe("backup and restoration", () => {
  test("bring back every document with its types, and every index, into a database of another name", async () => {
    const { db, url } = newTarget()
    const restored: string[] = []
    await restoreDatabase({ url, folder: backup, replace: false, report: ({ name, documents }) => restored.push(`${name} ${documents}`) })
    expect(await contentsOf(db)).toEqual(await contentsOf(source.direct))
    expect(restored[0]).toBe(`jobs ${jobs}`)
    expect(restored.slice(-2)).toEqual(["blobs.files 1", "blobs.chunks 4"])
    const store = await openTestStore({ url, database: db.databaseName })
    expect(await store.blobs.get(large)).toEqual({ contentType: large.contentType, bytes: large.bytes })
    const again = sampleJob({ id: `job_${"f".repeat(32)}`, idempotencyKey: "key-7" })
    expect(await store.jobs.insert(again)).toMatchObject({ kind: "existing", job: { id: "job_00000000000000000000000000000007" } })
    await store.close()
  })

  test("refuse a database with documents, and replace it whole when told to", async () => {
    const { db, url } = newTarget()
    await db.collection("jobs").insertOne({ old: true })
    await db.collection("other").insertOne({ old: true })
    const refused = restoreDatabase({ url, folder: backup, replace: false, report: ignore })
    await expect(refused).rejects.toThrow(DatabaseNotEmptyError)
    await expect(refused).rejects.toThrow(/has documents in (jobs, other|other, jobs)/)
    expect(await db.collection("jobs").countDocuments()).toBe(1)
    await restoreDatabase({ url, folder: backup, replace: true, report: ignore })
    expect(await contentsOf(db)).toEqual(await contentsOf(source.direct))
  })

  test("a damaged file leaves its collection as it was; once it is whole, the same call goes on", async () => {
    const { db, url } = newTarget()
    const damaged = join(folder, "damaged")
    await backupDatabase({ url: urlOf(source.database), folder: damaged, report: ignore })
    const file = join(damaged, "blobs.chunks.bson.gz")
    const whole = readFileSync(file)
    writeFileSync(file, whole.subarray(0, whole.length / 2))
    await expect(restoreDatabase({ url, folder: damaged, replace: false, report: ignore })).rejects.toThrow(
      /blobs\.chunks\.bson\.gz is damaged/,
    )
    expect(Object.keys(await contentsOf(db))).not.toContain("blobs.chunks")
    expect(await db.collection("jobs").countDocuments()).toBe(jobs)

    writeFileSync(file, whole)
    const restored: string[] = []
    await restoreDatabase({ url, folder: damaged, replace: false, report: ({ name }) => restored.push(name) })
    expect(restored).toEqual(["blobs.chunks"])
    expect(await contentsOf(db)).toEqual(await contentsOf(source.direct))
  })

  test("a file with fewer documents than the manifest says is refused", async () => {
    const { db, url } = newTarget()
    const short = join(folder, "short")
    await backupDatabase({ url: urlOf(source.database), folder: short, report: ignore })
    const manifest = join(short, "manifest.json")
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(`"documents": ${jobs}`, `"documents": ${jobs + 1}`))
    await expect(restoreDatabase({ url, folder: short, replace: false, report: ignore })).rejects.toThrow(
      /2500 documents, and the manifest says 2501/,
    )
    expect(Object.keys(await contentsOf(db))).not.toContain("jobs")
  })

  test("a folder without a manifest is no backup, and one with a backup takes no second", async () => {
    const { url } = newTarget()
    await expect(restoreDatabase({ url, folder: join(folder, "none"), replace: false, report: ignore })).rejects.toThrow(
      /There is no complete backup in .*none/,
    )
    await expect(backupDatabase({ url: urlOf(source.database), folder: backup, report: ignore })).rejects.toThrow(/holds a backup already/)
  })

  test("a database without collections is a mistake, not a backup", async () => {
    const { url } = newTarget()
    const empty = join(folder, "empty")
    await expect(backupDatabase({ url, folder: empty, report: ignore })).rejects.toThrow(
      /has no collections. Does MONGODB_URL name the right/,
    )
    expect(existsSync(empty)).toBe(false)
  })

  test("a backup is for its owner's eyes only, and an interrupted one has no manifest", async () => {
    expect(statSync(backup).mode & 0o077).toBe(0)
    expect(statSync(join(backup, "jobs.bson.gz")).mode & 0o077).toBe(0)
    const interrupted = join(folder, "interrupted")
    const stop = () => {
      throw new Error("The disk is full")
    }
    await expect(backupDatabase({ url: urlOf(source.database), folder: interrupted, report: stop })).rejects.toThrow("The disk is full")
    expect(existsSync(join(interrupted, "manifest.json"))).toBe(false)
    await backupDatabase({ url: urlOf(source.database), folder: interrupted, report: ignore })
    expect(existsSync(join(interrupted, "manifest.json"))).toBe(true)
  })
})
