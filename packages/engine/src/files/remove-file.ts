import type { BlobStore, FileRef, FileStore } from "@sluice/core"

export interface RemoveFileDependencies {
  readonly files: Pick<FileStore, "remove">
  readonly blobs: Pick<BlobStore, "delete">
}

/** Whether it was there. */
export type RemoveFile = (ref: FileRef) => Promise<boolean>

/** Removes a file. Its bytes go first: what is listed without them can be removed again, the other way round nobody would find them. */
export function createRemoveFile({ files, blobs }: RemoveFileDependencies): RemoveFile {
  return async (ref) => {
    await blobs.delete(ref)
    return await files.remove(ref)
  }
}
