import { jobSchemaVersion, type QueuedJob } from "@sluice/core"
import { sampleJob, sampleSuccess } from "@sluice/core/testing"
import type { Document } from "mongodb"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { createClient } from "../src/connection/create-client.ts"
import { type Database, openDatabase } from "../src/connection/database.ts"
import { createSealer } from "../src/encryption/sealer.ts"
import { toDocument } from "../src/jobs/to-document.ts"
import type { Upgrade } from "../src/migrations/upgrade.ts"
import { createUpgradeJobs } from "../src/migrations/upgrade-jobs.ts"
import { createOperationGate } from "../src/operations/operations.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const previous = jobSchemaVersion - 1
const at = new Date("2026-01-01T00:00:01.000Z")

/** In the version before this one, say, metadata was a plain object, and there was a field that is no more. */
const upgrade: Upgrade = (found) => {
  const { tags, obsolete: _obsolete, ...document }: Document = { ...found }
  const metadata = Object.entries<string>(tags ?? {}).map(([k, v]) => ({ k, v }))
  return { ...document, schemaVersion: jobSchemaVersion, ...(metadata.length > 0 && { metadata }) }
}

const upgrades = new Map([[previous, upgrade]])

function oldDocument(job: QueuedJob): Document {
  const { metadata: _metadata, ...document } = toDocument(job, createSealer([]))
  return { ...document, schemaVersion: previous, tags: job.metadata, obsolete: true }
}

let store: TestStore
beforeEach(async () => {
  store = await openTestStore({ upgrades })
})
afterEach(() => store.close())

const collection = () => store.direct.collection<{ _id: string; [key: string]: unknown }>("jobs")
async function old(count: number): Promise<QueuedJob[]> {
  const jobs = Array.from({ length: count }, (_, index) => sampleJob({ metadata: { index: String(index) }, enqueueDueAt: at }))
  await store.direct.collection("jobs").insertMany(jobs.map(oldDocument))
  return jobs
}

describe("documents of the version before", () => {
  test("are read, listed, swept, executed and finished as if they were of this one, without being touched first", async () => {
    const [job] = await old(1)
    if (!job) throw new Error("no job")
    const { id, tenantId } = job
    expect(await store.jobs.find(job)).toEqual(job)
    expect(await store.jobs.list({ filter: { tenantId }, before: null, limit: 10 })).toEqual([job])
    expect(await store.jobs.findDueToEnqueue({ at, limit: 10 })).toMatchObject([{ id }])
    expect(await collection().findOne({ _id: id })).toMatchObject({ schemaVersion: previous, obsolete: true })
    const claim = { token: "t", workerId: "w", at }
    expect(await store.jobs.claim({ id, run: 1, claim })).toMatchObject({ kind: "claimed", job: { metadata: { index: "0" } } })
    expect(await store.jobs.finish({ id, run: 1, token: "t", ending: sampleSuccess() })).toEqual({ applied: true })
    expect(await store.jobs.find(job)).toMatchObject({ status: "succeeded", metadata: { index: "0" } })
  })

  test("are written anew in bulk, in bounded batches, and then found by what they could not be found by before", async () => {
    const jobs = await old(250)
    const newer = sampleJob()
    await store.jobs.insert(newer)
    await collection().updateOne({ _id: newer.id }, { $set: { schemaVersion: jobSchemaVersion + 1 } })
    const told: number[] = []
    expect(await store.upgradeJobs({ onProgress: ({ upgraded }) => told.push(upgraded) })).toEqual({ upgraded: 250, contended: 0 })
    expect(told).toEqual([100, 200, 250])
    const documents = await collection().find({ schemaVersion: jobSchemaVersion }).toArray()
    expect(documents).toHaveLength(250)
    for (const document of documents) for (const field of ["tags", "obsolete"]) expect(document).not.toHaveProperty(field)
    const filter = { tenantId: "default", metadata: { index: "77" } }
    expect((await store.jobs.list({ filter, before: null, limit: 10 })).map(({ id }) => id)).toEqual([jobs[77]?.id])
    expect(await collection().findOne({ _id: newer.id })).toMatchObject({ schemaVersion: jobSchemaVersion + 1 })
    expect(await store.upgradeJobs()).toEqual({ upgraded: 0, contended: 0 })
  })

  test("once interrupted go on where that stopped", async () => {
    await old(250)
    const stopping = new AbortController()
    const first = await store.upgradeJobs({ signal: stopping.signal, onProgress: () => stopping.abort() })
    expect(first.upgraded).toBe(100)
    expect(await store.upgradeJobs()).toEqual({ upgraded: 150, contended: 0 })
  })

  test("lose nothing that is written to them meanwhile", async () => {
    const [job] = await old(1)
    if (!job) throw new Error("no job")
    const { id } = job
    const inner = await openDatabase({ makeClient: () => createClient(store), name: store.database, commandTimeoutMs: 10_000 })
    let sent = 0
    const database: Database = {
      ...inner,
      async send(command) {
        sent += 1
        // Between the read and the write of the upgrade.
        if (sent === 2) await collection().updateOne({ _id: id }, { $set: { tags: { index: "changed" } } })
        return await inner.send(command)
      },
    }
    const operations = createOperationGate().with({ timeoutMs: 10_000 })
    const upgrade = createUpgradeJobs({ database, operations, upgrades })
    expect(await upgrade()).toEqual({ upgraded: 1, contended: 1 })
    expect(await store.jobs.find(job)).toMatchObject({ metadata: { index: "changed" } })
    await inner.close()
  })
})
