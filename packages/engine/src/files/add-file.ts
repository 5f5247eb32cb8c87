import { type BlobStore, type Clock, type FileStore, newFileId, type StoredFile } from "@sluice/core"

export interface AddFileDependencies {
  readonly files: Pick<FileStore, "insert">
  readonly blobs: Pick<BlobStore, "put">
  readonly clock: Clock
}

export interface AddFileRequest {
  readonly tenantId: string
  readonly filename: string
  readonly purpose: string
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly keptMs: number
}

export type AddFile = (request: AddFileRequest) => Promise<StoredFile>

/** Keeps a file. The bytes come first, so that what is listed can be read. Rejects with `StorageUnavailableError`. */
export function createAddFile({ files, blobs, clock }: AddFileDependencies): AddFile {
  return async ({ tenantId, filename, purpose, contentType, bytes, keptMs }) => {
    const createdAt = clock()
    const id = newFileId({ at: createdAt })
    await blobs.put({ id, tenantId, contentType, bytes })
    const expiresAt = new Date(createdAt.getTime() + keptMs)
    const file: StoredFile = { id, tenantId, filename, purpose, bytes: bytes.byteLength, createdAt, expiresAt }
    await files.insert(file)
    return file
  }
}
