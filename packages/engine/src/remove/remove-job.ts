import { type BlobStore, isFinal, type JobStore, type RemoveOutcome, type ResultCache } from "@sluice/core"

export interface RemoveJobDependencies {
  readonly store: JobStore
  readonly blobs: BlobStore
  readonly cache: ResultCache
}

export interface JobRef {
  readonly tenantId: string
  readonly id: string
}

export type RemoveJob = (ref: JobRef) => Promise<RemoveOutcome>

/**
 * Removes a job that has ended, with all that belongs to it: its outputs, the cache entries that it left, its deliveries, and
 * last the job, so that a removal that was interrupted can be made again. Rejects with `StorageUnavailableError`.
 */
export function createRemoveJob({ store, blobs, cache }: RemoveJobDependencies): RemoveJob {
  return async (ref) => {
    const job = await store.find(ref)
    if (job === null) return "missing"
    if (!isFinal(job)) return "unfinished"
    return await removeEnded({ store, blobs, cache }, ref)
  }
}

/** The same for a job of which it is known that it has ended. */
export async function removeEnded({ store, blobs, cache }: RemoveJobDependencies, { tenantId, id }: JobRef): Promise<RemoveOutcome> {
  await blobs.deleteAllOf({ owner: id, tenantId })
  await cache.invalidate({ tenantId, selection: { by: "job", jobId: id } })
  return await store.remove({ tenantId, id })
}
