import { randomBytes } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import type { Job } from "@sluice/core"
import { sampleCacheEntry, sampleDelivery, sampleJob, sampleResult, sampleSuccess } from "@sluice/core/testing"
import { BSON } from "mongodb"
import { afterEach, describe, expect, test } from "vitest"
import { connectStore, type Store } from "../src/connect-store.ts"
import type { EncryptionKey } from "../src/encryption/sealer.ts"
import { backupDatabase, DecryptionError, EncryptionKeysError } from "../src/index.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const tenantId = "acme"
const key = (id: string): EncryptionKey => ({ id, secret: randomBytes(32) })
const [old, present] = [key("2026-05"), key("2026-11")]
const now = new Date()
const vector = { space: "v", values: Float32Array.of(0.6, 0.8) }
const entry = sampleCacheEntry({
  tenantId,
  requestKey: "f".repeat(64),
  scope: "s".repeat(64),
  vector,
  output: { kind: "custom", output: { text: "the marker" } },
  storedAt: now,
  freshUntil: new Date(now.getTime() + 60_000),
  keepUntil: new Date(now.getTime() + 60_000),
})
const job = sampleJob({
  tenantId,
  work: { kind: "custom", input: { prompt: "the marker" } },
  idempotencyKey: "one",
  requestHash: "e".repeat(64),
  webhook: { url: "https://app.example/h", events: ["job.succeeded"], secret: "whsec_the marker" },
})
const delivery = sampleDelivery({ tenantId, jobId: job.id, body: '{"the marker":1}', secret: "whsec_the marker" })
const blob = { id: `${job.id}-1`, tenantId, contentType: "text/plain", bytes: new Uint8Array(Buffer.from("the marker".repeat(200_000))) }

const opened: TestStore[] = []
async function open(keys: readonly EncryptionKey[]): Promise<TestStore> {
  const store = await openTestStore({ encryptionKeys: keys })
  opened.push(store)
  return store
}
/** Another process on the same database. */
const beside = ({ url, database }: TestStore, keys: readonly EncryptionKey[]) => connectStore({ url, database, encryptionKeys: keys })

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

async function fill(store: Store): Promise<void> {
  await store.jobs.insert(job)
  const claim = { token: "t", workerId: "w", at: now }
  await store.jobs.claim({ id: job.id, run: 1, claim })
  const result = { ...sampleResult(), output: { at: "job" as const, value: { answer: "the marker" } } }
  await store.jobs.finish({ id: job.id, run: 1, token: "t", ending: sampleSuccess({ result }) })
  await store.blobs.put(blob)
  await store.cache.put(entry)
  await store.deliveries.insert([delivery])
}

const credential = { tenantId, name: "openai", revision: "r", hint: "rker", secret: "sk-the marker", at: now }

async function expectReadable(store: Store): Promise<void> {
  const found = await store.jobs.find({ tenantId, id: job.id })
  expect(found).toMatchObject({ work: job.work, webhook: job.webhook, requestHash: job.requestHash })
  expect(outputOf(found)).toEqual({ answer: "the marker" })
  expect(Buffer.compare((await store.blobs.get(blob))?.bytes ?? Buffer.of(), blob.bytes)).toBe(0)
  const { requestKey, route, scope } = entry
  expect(await store.cache.find({ tenantId, route, requestKey, at: now })).toEqual(entry)
  const alike = { tenantId, route, scope: scope ?? "", space: "v", at: now, limit: 5 }
  expect(await store.cache.candidates(alike)).toMatchObject([{ requestKey, values: vector.values }])
  expect(await store.deliveries.find({ tenantId, id: delivery.id })).toMatchObject({ body: delivery.body, secret: delivery.secret })
  // The same submission again is known by its hash, as before.
  expect(await store.jobs.insert({ ...job, id: sampleJob().id })).toMatchObject({ kind: "existing", job: { requestHash: job.requestHash } })
}

function outputOf(found: Job | null): unknown {
  return found?.status === "succeeded" && found.result.output.at === "job" ? found.result.output.value : null
}

/** What of the callers' words and of what is derived from them stands in the database in clear. */
const telltales = ["the marker", "e".repeat(64), "f".repeat(64), "s".repeat(64), Buffer.from(vector.values.buffer).toString("latin1")]

async function leaksOf({ direct }: TestStore): Promise<string[]> {
  const names = (await direct.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)
  const leaks = new Set<string>()
  for (const name of names) {
    for await (const document of direct.collection(name).find()) {
      const bytes = Buffer.from(BSON.serialize(document)).toString("latin1")
      for (const telltale of telltales) if (bytes.includes(telltale)) leaks.add(`${name}: ${telltale.slice(0, 10)}`)
    }
  }
  return [...leaks]
}

describe("encryption at rest", () => {
  test("leaves nothing of prompts, answers and secrets in clear, in the database or a backup of it", async () => {
    const store = await open([present])
    await fill(store)
    await expectReadable(store)
    expect(await leaksOf(store)).toEqual([])

    const folder = mkdtempSync(join(tmpdir(), "sluice-sealed-"))
    const url = new URL(store.url)
    url.pathname = `/${store.database}`
    await backupDatabase({ url: url.href, folder: join(folder, "backup"), report: () => undefined })
    const files = readdirSync(join(folder, "backup")).filter((name) => name.endsWith(".gz"))
    expect(files.length).toBeGreaterThan(4)
    for (const name of files) {
      const bytes = gunzipSync(readFileSync(join(folder, "backup", name))).toString("latin1")
      for (const telltale of telltales) expect(bytes.includes(telltale), `${name}: ${telltale.slice(0, 10)}`).toBe(false)
    }
    rmSync(folder, { recursive: true })
  })

  test("the look for leaks finds them where nothing is encrypted", async () => {
    const store = await open([])
    await fill(store)
    expect((await leaksOf(store)).toSorted()).toEqual(
      ["blobs.chunks", "cache", "deliveries", "jobs"]
        .map((name) => `${name}: the marker`)
        .concat(["jobs: eeeeeeeeee", "cache: ffffffffff", "cache: ssssssssss", `cache: ${telltales[4]}`])
        .toSorted(),
    )
  })

  test("is turned on while there is something in clear, which stays readable, and is encrypted in bulk", async () => {
    const store = await open([])
    await fill(store)
    const encrypting = await beside(store, [present])
    await expectReadable(encrypting)
    const { resealed } = await encrypting.reseal()
    expect(resealed).toBe(4)
    await expectReadable(encrypting)
    expect(await leaksOf(store)).toEqual([])
    expect(await encrypting.reseal()).toEqual({ resealed: 0 })
    await encrypting.close()
  })

  test("a key is changed without an interruption: both read, then everything is encrypted anew, then the old one goes", async () => {
    const store = await open([old])
    await fill(store)
    const knowing = await beside(store, [old, present])
    const writing = await beside(store, [present, old])
    await expectReadable(knowing)
    await expectReadable(writing)
    const newer = sampleJob({ tenantId, work: { kind: "custom", input: "newer" } })
    await writing.jobs.insert(newer)
    expect(await knowing.jobs.find({ tenantId, id: newer.id })).toMatchObject({ work: newer.work })

    await expect(beside(store, [present])).rejects.toThrow(/encrypted with "2026-05".*upgrade-data/)
    const told: number[] = []
    await writing.reseal({ onProgress: ({ resealed }) => told.push(resealed) })
    expect(told.at(-1)).toBe(4)
    const after = await beside(store, [present])
    await expectReadable(after)
    for (const process of [knowing, writing, after]) await process.close()
  })

  test("an interrupted change goes on where it stopped, and forgets no key before its end", async () => {
    const store = await open([old])
    await fill(store)
    const writing = await beside(store, [present, old])
    const stopping = new AbortController()
    await writing.reseal({ signal: stopping.signal, onProgress: () => stopping.abort() })
    await expect(beside(store, [present])).rejects.toThrow(EncryptionKeysError)
    await expectReadable(writing)
    await writing.reseal()
    const after = await beside(store, [present])
    await expectReadable(after)
    for (const process of [writing, after]) await process.close()
  })

  test("a process without the key does not start, nor does one with another key of that name", async () => {
    const store = await open([present])
    await expect(beside(store, [])).rejects.toThrow(/encrypted with "2026-11", and this process does not have that key/)
    await expect(beside(store, [key("2026-11")])).rejects.toThrow(/"2026-11" is not the one/)
  })

  test("a tenant's own key is kept encrypted or not at all, moves to a new key with everything else, and to no other tenant", async () => {
    const store = await open([])
    expect(await store.providerCredentials.put(credential)).toEqual({ kind: "no_encryption_key" })
    expect(await store.providerCredentials.list({ tenantId })).toEqual([])
    const before = await beside(store, [old])
    await before.providerCredentials.put(credential)
    expect(await leaksOf(store)).toEqual([])
    const after = await beside(store, [present, old])
    expect(await after.reseal()).toEqual({ resealed: 1 })
    const only = await beside(store, [present])
    expect(await only.providerCredentials.secretsOf({ tenantId })).toMatchObject([{ secret: "sk-the marker" }])
    await store.direct.collection("providerCredentials").updateMany({}, { $set: { tenantId: "rival" } })
    await expect(only.providerCredentials.secretsOf({ tenantId: "rival" })).rejects.toThrow(/was changed or moved/)
    for (const process of [before, after, only]) await process.close()
  })

  test("a ciphertext that is put into another job is not taken for that job's own", async () => {
    const store = await open([present])
    const [mine, theirs] = [sampleJob({ tenantId }), sampleJob({ tenantId: "rival" })]
    await store.jobs.insert(mine)
    await store.jobs.insert(theirs)
    const jobs = store.direct.collection<{ _id: string; input: unknown }>("jobs")
    await jobs.updateOne({ _id: theirs.id }, { $set: { input: (await jobs.findOne({ _id: mine.id }))?.input } })
    await expect(store.jobs.find({ tenantId: "rival", id: theirs.id })).rejects.toThrow(/was changed or moved/)
    await jobs.updateOne({ _id: mine.id }, { $set: { tenantId: "rival" } })
    await expect(store.jobs.find({ tenantId: "rival", id: mine.id })).rejects.toThrow(DecryptionError)
  })

  test("who loses the key while it runs names it, claims nothing for good, and loses no job", async () => {
    const store = await open([present])
    const { id } = job
    await store.jobs.insert(job)
    await store.direct.collection("encryptionKeys").deleteMany({})
    const blind = await beside(store, [])
    await expect(blind.jobs.find({ tenantId, id })).rejects.toThrow(/"2026-11".*SLUICE_ENCRYPTION_KEYS/)
    const claim = { token: "t", workerId: "w", at: now }
    await expect(blind.jobs.claim({ id, run: 1, claim })).rejects.toThrow(DecryptionError)
    const dueAt = new Date(now.getTime() + 60_000)
    expect(await store.jobs.find({ tenantId, id })).toMatchObject({ status: "queued", notBefore: dueAt, enqueueDueAt: dueAt, rescues: 0 })
    expect(await store.jobs.claim({ id, run: 1, claim: { ...claim, at: dueAt } })).toMatchObject({ kind: "claimed" })
    await blind.close()
  })
})
