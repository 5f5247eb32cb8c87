import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { Blob, BlobStore } from "@sluice/core"
import { type Binary, GridFSBucket, type GridFSBucketWriteStream, type GridFSFile, MongoRuntimeError, type ObjectId } from "mongodb"
import type { Database } from "../connection/database.ts"
import type { Operations } from "../operations/operations.ts"
import { blobBucket, blobChunksCollection } from "./blob-collections.ts"

/** Each chunk is one round trip that waits for the majority; 1 MiB makes sixteen times fewer of them than the usual 255 kB x 4. */
const chunkBytes = 1024 * 1024
const chunksPerBatch = 4

interface BlobRef {
  readonly id: string
  readonly tenantId: string
}

interface BlobChunk {
  readonly files_id: ObjectId
  /** Its place, from 0. */
  readonly n: number
  readonly data: Binary
}

/** What GridFS keeps of a blob beside its bytes. */
type BlobFile = GridFSFile & {
  readonly metadata?: { readonly tenantId?: string; readonly contentType?: string; readonly revision?: number }
}

/**
 * Blobs in GridFS. The caller's id is the file name, and each `put` makes a new revision of it before the older ones are
 * removed, so that a reader sees the old blob or the new one, never half of one, also when a writer dies. Revisions are
 * numbered, since the clocks of two writers may disagree.
 */
export function createBlobStore({ database, operations }: { readonly database: Database; readonly operations: Operations }): BlobStore {
  const bucket = () => new GridFSBucket(database.current(), { bucketName: blobBucket, chunkSizeBytes: chunkBytes })
  return {
    put: (blob) => operations.run(`storing of blob ${blob.id}`, (signal) => upload(bucket(), database, blob, signal)),
    get: (ref) => operations.run(`read of blob ${ref.id}`, () => newest(bucket(), database, ref)),
    delete: (ref) =>
      operations.run(`removal of blob ${ref.id}`, async () => {
        const from = bucket()
        await removeAll(from, await revisionsOf(from, ref).toArray())
      }),
    deleteAllOf: ({ owner, tenantId }) =>
      operations.run(`removal of the blobs of ${owner}`, async () => {
        const from = bucket()
        // The character after the dash bounds the range, which an index serves.
        const filename = { $gte: `${owner}-`, $lt: `${owner}.` }
        await removeAll(from, await from.find({ filename, "metadata.tenantId": tenantId }).toArray())
      }),
  }
}

/** Newest first. */
function revisionsOf(bucket: GridFSBucket, { id, tenantId }: BlobRef) {
  return bucket.find({ filename: id, "metadata.tenantId": tenantId }).sort({ "metadata.revision": -1, _id: -1 })
}

async function newestRevision(bucket: GridFSBucket, ref: BlobRef): Promise<BlobFile | null> {
  return await revisionsOf(bucket, ref).limit(1).next()
}

async function upload(bucket: GridFSBucket, database: Database, blob: Parameters<BlobStore["put"]>[0], signal: AbortSignal): Promise<void> {
  const { id, tenantId, contentType, bytes } = blob
  const before = await newestRevision(bucket, { id, tenantId })
  const stream = bucket.openUploadStream(id, { metadata: { tenantId, contentType, revision: (before?.metadata?.revision ?? 0) + 1 } })
  try {
    await pipeline(Readable.from(piecesOf(bytes)), stream, { signal })
  } catch (error) {
    await removeChunks(database, stream)
    throw error
  }
  const [_newest, ...older] = await revisionsOf(bucket, { id, tenantId }).toArray()
  await removeAll(bucket, older)
}

async function removeAll(bucket: GridFSBucket, files: readonly GridFSFile[]): Promise<void> {
  for (const { _id } of files) await bucket.delete(_id).catch(ignoreMissing)
}

async function newest(bucket: GridFSBucket, database: Database, ref: BlobRef): Promise<Blob | null> {
  for (let failed: GridFSFile | null = null; ; ) {
    const file = await newestRevision(bucket, ref)
    if (!file) return null
    try {
      return { contentType: file.metadata?.contentType ?? "application/octet-stream", bytes: await read(database, file) }
    } catch (error) {
      // A newer revision may have replaced this one while it was read; the same one failing twice is damaged.
      if (!(error instanceof MongoRuntimeError) || failed?._id.equals(file._id)) throw error
      failed = file
    }
  }
}

/**
 * Reads the chunks in batches of a few MiB. A reply that reaches the limit of 16 MB is where an engine may go wrong (the
 * stand-in for MongoDB then swaps two documents), and more at once would gain nothing.
 */
async function read(database: Database, file: GridFSFile): Promise<Uint8Array> {
  const bytes = new Uint8Array(file.length)
  let next = 0
  const chunks = database.current().collection<BlobChunk>(blobChunksCollection)
  for await (const { n, data } of chunks.find({ files_id: file._id }, { sort: { n: 1 }, batchSize: chunksPerBatch })) {
    if (n !== next) break
    bytes.set(data.value(), next * file.chunkSize)
    next += 1
  }
  if (next !== Math.ceil(file.length / file.chunkSize)) throw new MongoRuntimeError(`chunk ${next} of blob ${file.filename} is missing`)
  return bytes
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

/** What an upload that failed has left. Should this fail too, nothing refers to it. */
async function removeChunks(database: Database, { id }: GridFSBucketWriteStream): Promise<void> {
  try {
    await database.send((db) => db.collection(blobChunksCollection).deleteMany({ files_id: id }))
  } catch {
    // The error that the caller gets is that of the upload.
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof MongoRuntimeError)) throw error
}
