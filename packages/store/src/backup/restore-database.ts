import { createReadStream } from "node:fs"
import { createGunzip } from "node:zlib"
import { BSON, type Collection, type Db, type Document, MongoServerError } from "mongodb"
import { createClient, databaseNameOf } from "../connection/create-client.ts"
import { collectionNames } from "./backup-database.ts"
import { type CollectionBackup, collectionFile, type Manifest, readManifest } from "./backup-format.ts"
import { bsonDocuments } from "./bson-stream.ts"

export interface RestoreOptions {
  /** Names the database, see `StoreOptions`; it need not be called as the one that was backed up. */
  readonly url: string
  readonly folder: string
  /** Replaces what is in the database. */
  readonly replace: boolean
  /** Told of each collection when it is in place. */
  readonly report: (collection: CollectionBackup) => void
}

/** The database holds something, and nobody said that it may go. Nothing was changed. */
export class DatabaseNotEmptyError extends Error {
  constructor(options: { database: string; collections: readonly string[] }) {
    super(`The database ${options.database} is not empty: it has documents in ${options.collections.join(", ")}. Nothing was changed.`)
    this.name = "DatabaseNotEmptyError"
  }
}

/** Collections that are not complete yet have this before their name, so that nobody takes them for whole. */
const prefix = "restoring."
const progressCollection = `${prefix}progress`
const maxBatchDocuments = 1_000
const maxBatchBytes = 4 * 1024 * 1024
const writeTimeoutMs = 60_000
const namespaceNotFound = 26

interface Progress {
  readonly _id: string
  readonly done: readonly string[]
}

/**
 * Puts a backup into a database. Each collection is filled under another name and appears whole, with its indexes, or not at
 * all. After an interruption the same call goes on where it stopped. Nothing else may use the database meanwhile.
 * @throws DatabaseNotEmptyError; Error when the backup is not complete or damaged.
 */
export async function restoreDatabase({ url, folder, replace, report }: RestoreOptions): Promise<Manifest> {
  const manifest = await readManifest(folder)
  const client = createClient({ url }, { socketTimeoutMS: writeTimeoutMs })
  try {
    await client.connect()
    const db = client.db(databaseNameOf({ url }))
    const progress = db.collection<Progress>(progressCollection)
    const begun = await progress.findOne({ _id: manifest.id })
    if (!begun && !replace) await assertEmpty(db)
    if (!begun) await progress.insertOne({ _id: manifest.id, done: [] })
    for (const collection of manifest.collections) {
      if (begun?.done.includes(collection.name)) continue
      await restoreCollection(db, collection, folder)
      await progress.updateOne({ _id: manifest.id }, { $addToSet: { done: collection.name } })
      report(collection)
    }
    await dropOthers(db, manifest)
    return manifest
  } finally {
    await client.close()
  }
}

async function assertEmpty(db: Db): Promise<void> {
  const names = await collectionNames(db)
  const filled = await Promise.all(names.map((name) => db.collection(name).findOne({}, { projection: { _id: 1 } })))
  const collections = names.filter((_name, index) => filled[index])
  if (collections.length > 0) throw new DatabaseNotEmptyError({ database: db.databaseName, collections })
}

async function restoreCollection(db: Db, { name, documents, indexes }: CollectionBackup, folder: string): Promise<void> {
  const draft = db.collection(prefix + name)
  await dropIfThere(draft)
  await db.createCollection(draft.collectionName)
  if (indexes.length > 0) await draft.createIndexes(indexes.map(({ ...index }) => index))
  const file = collectionFile(folder, name)
  const inserted = await insertAll(draft, file).catch((error: unknown) => {
    if (error instanceof MongoServerError) throw error
    throw new Error(`${file} is damaged: ${error instanceof Error ? error.message : String(error)}. ${name} was left as it is.`)
  })
  if (inserted !== documents)
    throw new Error(`${file} holds ${inserted} documents, and the manifest says ${documents}. ${name} was left as it is.`)
  await dropIfThere(db.collection(name))
  await draft.rename(name)
}

async function insertAll(collection: Collection, file: string): Promise<number> {
  let inserted = 0
  let batch: Document[] = []
  let bytes = 0
  const flush = async () => {
    if (batch.length > 0) await collection.insertMany(batch, { ordered: false })
    inserted += batch.length
    batch = []
    bytes = 0
  }
  for await (const document of bsonDocuments(createReadStream(file).pipe(createGunzip()))) {
    // Numbers, dates and binaries keep their BSON types only when they are not made into JavaScript's.
    batch.push(BSON.deserialize(document, { promoteValues: false, bsonRegExp: true }))
    bytes += document.length
    if (batch.length >= maxBatchDocuments || bytes >= maxBatchBytes) await flush()
  }
  await flush()
  return inserted
}

/** What the backup does not have, and the traces of the restoration itself. */
async function dropOthers(db: Db, { collections }: Manifest): Promise<void> {
  const restored = new Set(collections.map(({ name }) => name))
  const others = (await collectionNames(db)).filter((name) => !restored.has(name) && name !== progressCollection)
  for (const name of [...others, progressCollection]) await dropIfThere(db.collection(name))
}

async function dropIfThere(collection: Pick<Collection, "drop">): Promise<void> {
  try {
    await collection.drop()
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== namespaceNotFound) throw error
  }
}
