import type { BlobStore, Clock, FileStore } from "@sluice/core"
import { type AddFile, createAddFile, createRemoveFile, type RemoveFile } from "@sluice/engine"

export interface FileUseCases {
  readonly files: FileStore
  readonly addFile: AddFile
  readonly removeFile: RemoveFile
}

/** What the API does with tenants' files. */
export function buildFiles(parts: { readonly files: FileStore; readonly blobs: BlobStore; readonly clock: Clock }): FileUseCases {
  return { files: parts.files, addFile: createAddFile(parts), removeFile: createRemoveFile(parts) }
}
