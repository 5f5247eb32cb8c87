import type { Clock, FileStore } from "@sluice/core"
import { createRemoveFile, type RemoveFileDependencies } from "./remove-file.ts"

export interface RetireFilesDependencies extends RemoveFileDependencies {
  readonly files: Pick<FileStore, "remove" | "findExpired">
  readonly clock: Clock
}

/** Of one look. What is left is first at the next. */
const pageSize = 100

/** Removes files whose time is over. Safe to be done twice, and by several at once. */
export function createRetireFiles({ files, blobs, clock }: RetireFilesDependencies): () => Promise<void> {
  const remove = createRemoveFile({ files, blobs })
  return async () => {
    for (const ref of await files.findExpired({ at: clock(), limit: pageSize })) await remove(ref)
  }
}
