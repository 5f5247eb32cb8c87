import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { type Binary, GridFSBucket, type GridFSBucketWriteStream, type GridFSFile, MongoRuntimeError, type ObjectId } from "mongodb"
import type { Database } from "../connection/database.ts"
import { blobBucket, blobChunksCollection } from "./blob-collections.ts"

/** Each chunk is one round trip that waits for the majority; 1 MiB makes sixteen times fewer of them than the usual 255 kB x 4. */
const chunkBytes = 1024 * 1024
const chunksPerBatch = 4

interface BlobChunk {
  readonly files_id: ObjectId
  /** Its place, from 0. */
  readonly n: number
  readonly data: Binary
}

/** What GridFS keeps of a blob beside its bytes. */
export interface BlobMetadata {
  readonly tenantId?: string
  readonly contentType?: string
  readonly revision?: number
  /** The key that encrypted the bytes. Absent: nothing did. */
  readonly keyId?: string
}

export type BlobFile = GridFSFile & { readonly metadata?: BlobMetadata }

export function openBucket(database: Database): GridFSBucket {
  return new GridFSBucket(database.current(), { bucketName: blobBucket, chunkSizeBytes: chunkBytes })
}

export interface FileToWrite {
  readonly name: string
  readonly metadata: BlobMetadata
  readonly bytes: Uint8Array
}

/** Writes a file whole; of one that failed nothing is left. */
export async function writeFile(
  { bucket, database, signal }: { readonly bucket: GridFSBucket; readonly database: Database; readonly signal: AbortSignal },
  { name, metadata, bytes }: FileToWrite,
): Promise<void> {
  const stream = bucket.openUploadStream(name, { metadata: { ...metadata } })
  try {
    await pipeline(Readable.from(piecesOf(bytes)), stream, { signal })
  } catch (error) {
    await removeChunks(database, stream)
    throw error
  }
}

/**
 * Reads the chunks in batches of a few MiB. A reply that reaches the limit of 16 MB is where an engine may go wrong (the
 * stand-in for MongoDB then swaps two documents), and more at once would gain nothing.
 */
export async function readFile(database: Database, file: GridFSFile): Promise<Uint8Array> {
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
