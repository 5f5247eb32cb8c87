import type { BlobStore, JobStore, RemoveOutcome, ResultCache } from "@sluice/core"
import type { FanOut } from "../deliver/fan-out.ts"
import type { AccountUsage } from "../usage/account-usage.ts"

export interface RemovalDependencies {
  readonly store: JobStore
  readonly blobs: BlobStore
  readonly cache: ResultCache
}

export interface RemoveJobDependencies extends RemovalDependencies {
  readonly fanOut: Pick<FanOut, "ofOutbox">
  readonly accountUsage: AccountUsage
}

export interface JobRef {
  readonly tenantId: string
  readonly id: string
}

export type RemoveJob = (ref: JobRef) => Promise<RemoveOutcome>

/**
 * Removes a job that has ended and holds nothing that somebody has still to hear of or to deal with. A job that ended a moment
 * ago is told of, and accounted, first. Rejects with `StorageUnavailableError`.
 */
export function createRemoveJob({ fanOut, accountUsage, ...dependencies }: RemoveJobDependencies): RemoveJob {
  async function removeOnceTold(ref: JobRef): Promise<RemoveOutcome> {
    const outcome = await removeUnlessHeld(dependencies, ref)
    if (outcome !== "untold") return outcome
    const job = await dependencies.store.find(ref)
    if (job) await fanOut.ofOutbox([job])
    return await removeUnlessHeld(dependencies, ref)
  }
  return async (ref) => {
    const outcome = await removeOnceTold(ref)
    if (outcome !== "unaccounted") return outcome
    await accountUsage()
    return await removeUnlessHeld(dependencies, ref)
  }
}

/**
 * Removes a job with all that belongs to it: its outputs, the cache entries that it left, its deliveries, and last the job, so
 * that a removal that was interrupted can be made again. Touches nothing of one that must stay.
 */
export async function removeUnlessHeld({ store, blobs, cache }: RemovalDependencies, { tenantId, id }: JobRef): Promise<RemoveOutcome> {
  const obstacle = await store.findRemovalObstacle({ tenantId, id })
  if (obstacle) return obstacle
  await blobs.deleteAllOf({ owner: id, tenantId })
  await cache.invalidate({ tenantId, selection: { by: "job", jobId: id } })
  return await store.remove({ tenantId, id })
}
