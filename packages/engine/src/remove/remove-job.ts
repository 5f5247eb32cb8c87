import { type BlobStore, isFinal, type JobStore, type RemoveOutcome, type ResultCache } from "@sluice/core"
import type { AccountUsage } from "../usage/account-usage.ts"

export interface RemoveJobDependencies {
  readonly store: JobStore
  readonly blobs: BlobStore
  readonly cache: ResultCache
  /** What a job used must be in the books before it goes. */
  readonly accountUsage: AccountUsage
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
export function createRemoveJob(dependencies: RemoveJobDependencies): RemoveJob {
  return async (ref) => {
    const job = await dependencies.store.find(ref)
    if (job === null) return "missing"
    if (!isFinal(job)) return "unfinished"
    return await removeEnded(dependencies, ref)
  }
}

/** The same for a job of which it is known that it has ended. */
export async function removeEnded(dependencies: RemoveJobDependencies, { tenantId, id }: JobRef): Promise<RemoveOutcome> {
  const { store, blobs, cache, accountUsage } = dependencies
  await blobs.deleteAllOf({ owner: id, tenantId })
  await cache.invalidate({ tenantId, selection: { by: "job", jobId: id } })
  const outcome = await store.remove({ tenantId, id })
  if (outcome !== "unaccounted") return outcome
  await accountUsage()
  return await store.remove({ tenantId, id })
}
