import { MongoRuntimeError } from "mongodb"
import type { Database } from "../connection/database.ts"
import type { Sealer } from "../encryption/sealer.ts"
import type { Operations } from "../operations/operations.ts"
import { present } from "../present.ts"
import { type BlobFile, openBucket, readFile, writeFile } from "./blob-file.ts"
import { placeOfBlob } from "./blob-store.ts"

export type BlobReseal = (file: BlobFile) => Promise<void>

/** Writes a file anew under the key in use, as the revision that it is, so that a later one stays the newest; then removes it. */
export function createBlobReseal(options: { database: Database; operations: Operations; sealer: Sealer }): BlobReseal {
  const { database, operations, sealer } = options
  return (file) =>
    operations.run(`encryption of blob ${file.filename}`, async (signal) => {
      const bucket = openBucket(database)
      const bytes = await readFile(database, file).catch(ignoreMissing)
      if (bytes === null) return
      const place = placeOfBlob({ id: file.filename, tenantId: file.metadata?.tenantId ?? "" })
      const sealed = sealer.sealBytes(sealer.openBytes(bytes, file.metadata?.keyId, place), place)
      const metadata = { ...file.metadata, ...present({ keyId: sealer.keyId }) }
      await writeFile({ bucket, database, signal }, { name: file.filename, metadata, bytes: sealed })
      await bucket.delete(file._id).catch(ignoreMissing)
    })
}

/** Its job was removed, or a newer revision came, meanwhile. */
function ignoreMissing(error: unknown): null {
  if (error instanceof MongoRuntimeError) return null
  throw error
}
