import type { Blob, BlobStore } from "@sluice/core"
import { type GridFSBucket, type GridFSFile, MongoRuntimeError } from "mongodb"
import type { Database } from "../connection/database.ts"
import type { Place, Sealer } from "../encryption/sealer.ts"
import type { Operations } from "../operations/operations.ts"
import { present } from "../present.ts"
import { blobFilesCollection } from "./blob-collections.ts"
import { type BlobFile, openBucket, readFile, writeFile } from "./blob-file.ts"

interface BlobRef {
  readonly id: string
  readonly tenantId: string
}

/**
 * Blobs in GridFS. The caller's id is the file name, and each `put` makes a new revision of it before the older ones are
 * removed, so that a reader sees the old blob or the new one, never half of one, also when a writer dies. Revisions are
 * numbered, since the clocks of two writers may disagree.
 */
export function createBlobStore({
  database,
  operations,
  sealer,
}: {
  readonly database: Database
  readonly operations: Operations
  readonly sealer: Sealer
}): BlobStore {
  const bucket = () => openBucket(database)
  return {
    put: (blob) => operations.run(`storing of blob ${blob.id}`, (signal) => upload(bucket(), database, sealedBlob(blob, sealer), signal)),
    get: (ref) => operations.run(`read of blob ${ref.id}`, () => newest(bucket(), database, ref, sealer)),
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

type BlobToStore = Parameters<BlobStore["put"]>[0] & { readonly keyId: string | null }

export function placeOfBlob({ id, tenantId }: BlobRef): Place {
  return { collection: blobFilesCollection, id, tenantId, field: "bytes" }
}

function sealedBlob(blob: Parameters<BlobStore["put"]>[0], sealer: Sealer): BlobToStore {
  return { ...blob, keyId: sealer.keyId, bytes: sealer.sealBytes(blob.bytes, placeOfBlob(blob)) }
}

async function upload(bucket: GridFSBucket, database: Database, blob: BlobToStore, signal: AbortSignal): Promise<void> {
  const { id, tenantId, contentType, bytes, keyId } = blob
  const before = await newestRevision(bucket, { id, tenantId })
  const metadata = { tenantId, contentType, revision: (before?.metadata?.revision ?? 0) + 1, ...present({ keyId }) }
  await writeFile({ bucket, database, signal }, { name: id, metadata, bytes })
  const [_newest, ...older] = await revisionsOf(bucket, { id, tenantId }).toArray()
  await removeAll(bucket, older)
}

async function removeAll(bucket: GridFSBucket, files: readonly GridFSFile[]): Promise<void> {
  for (const { _id } of files) await bucket.delete(_id).catch(ignoreMissing)
}

async function newest(bucket: GridFSBucket, database: Database, ref: BlobRef, sealer: Sealer): Promise<Blob | null> {
  for (let failed: GridFSFile | null = null; ; ) {
    const file = await newestRevision(bucket, ref)
    if (!file) return null
    try {
      const bytes = sealer.openBytes(await readFile(database, file), file.metadata?.keyId, placeOfBlob(ref))
      return { contentType: file.metadata?.contentType ?? "application/octet-stream", bytes }
    } catch (error) {
      // A newer revision may have replaced this one while it was read; the same one failing twice is damaged.
      if (!(error instanceof MongoRuntimeError) || failed?._id.equals(file._id)) throw error
      failed = file
    }
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof MongoRuntimeError)) throw error
}
