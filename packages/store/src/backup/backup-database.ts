import { randomUUID } from "node:crypto"
import { createWriteStream, existsSync } from "node:fs"
import { mkdir, rename, writeFile } from "node:fs/promises"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import type { Collection, Db, IndexDescriptionInfo } from "mongodb"
import { blobBucket, blobChunksCollection, blobFilesCollection } from "../blobs/blob-collections.ts"
import { createClient, databaseNameOf } from "../connection/create-client.ts"
import { jobsCollection } from "../jobs/job-document.ts"
import { type CollectionBackup, collectionFile, type Manifest, manifestFile } from "./backup-format.ts"

export interface BackupOptions {
  /** Names the database, see `StoreOptions`. */
  readonly url: string
  /** Made if need be. It must not hold a backup yet. */
  readonly folder: string
  /** Told of each collection when it is written. */
  readonly report: (collection: CollectionBackup) => void
}

/** Backups hold prompts and answers: nobody else on the machine may read them. */
const ownerOnly = 0o600
const ownerOnlyFolder = 0o700
/** A blob's chunk is 1 MiB, and a reply of a few MiB is as fast as a larger one. */
const chunksPerBatch = 4
const readTimeoutMs = 60_000

/**
 * Writes all collections of a database, with the descriptions of their indexes, into a folder. The system may go on running:
 * each document is as it was when it was read. Jobs come first and what they refer to later, so that whatever a job of the
 * backup refers to is in it. A file has its name only when it is complete, and the manifest is written last.
 */
export async function backupDatabase({ url, folder, report }: BackupOptions): Promise<Manifest> {
  if (existsSync(manifestFile(folder))) throw new Error(`${folder} holds a backup already. Choose another folder.`)
  const client = createClient({ url }, { socketTimeoutMS: readTimeoutMs })
  try {
    await client.connect()
    const db = client.db(databaseNameOf({ url }))
    const startedAt = new Date().toISOString()
    const names = await namesInOrder(db)
    if (names.length === 0) throw new Error(`The database ${db.databaseName} has no collections. Does MONGODB_URL name the right one?`)
    await mkdir(folder, { recursive: true, mode: ownerOnlyFolder })
    const collections: CollectionBackup[] = []
    for (const name of names) {
      const collection = await backupCollection(db.collection(name), folder)
      collections.push(collection)
      report(collection)
    }
    const finishedAt = new Date().toISOString()
    const manifest: Manifest = { format: "sluice-backup", version: 1, id: randomUUID(), startedAt, finishedAt, collections }
    await writeFile(manifestFile(folder), `${JSON.stringify(manifest, null, 2)}\n`, { mode: ownerOnly })
    return manifest
  } finally {
    await client.close()
  }
}

/** The collections of a database that are not the server's own. */
export async function collectionNames(db: Db): Promise<readonly string[]> {
  const found = await db.listCollections({}, { nameOnly: true }).toArray()
  return found.map(({ name }) => name).filter((name) => !name.startsWith("system."))
}

/** A blob's entry is written after its chunks, so it is read before them. */
async function namesInOrder(db: Db): Promise<readonly string[]> {
  const [first, last] = [[jobsCollection], [blobFilesCollection, blobChunksCollection]]
  const names = await collectionNames(db)
  const others = names.filter((name) => ![...first, ...last].includes(name) && !name.startsWith(`${blobBucket}.`)).toSorted()
  return [...first, ...others, ...last].filter((name) => names.includes(name))
}

async function backupCollection(collection: Collection, folder: string): Promise<CollectionBackup> {
  const name = collection.collectionName
  const indexes = (await collection.indexes()).filter((index) => index.name !== "_id_").map(describeIndex)
  const file = collectionFile(folder, name)
  let documents = 0
  async function* raw() {
    // By _id: a job that is written to meanwhile is neither missed nor met twice.
    const batch = name === blobChunksCollection ? { batchSize: chunksPerBatch } : {}
    for await (const document of collection.find<Uint8Array>({}, { raw: true, sort: { _id: 1 }, ...batch })) {
      documents += 1
      yield document
    }
  }
  await pipeline(Readable.from(raw()), createGzip(), createWriteStream(`${file}.partial`, { mode: ownerOnly, flush: true }))
  await rename(`${file}.partial`, file)
  return { name, documents, indexes }
}

function describeIndex({ v: _version, ns: _namespace, key, name, ...rest }: IndexDescriptionInfo & { ns?: string }) {
  const directions = Object.entries(key).map(([field, direction]) => [field, Number(direction)] as const)
  return { name: name ?? "", key: Object.fromEntries(directions), ...rest }
}
