import type { BatchJobs, BatchStore, Clock } from "@sluice/core"
import { batchEventId } from "./batch-event.ts"

export interface RetireBatchesDependencies {
  readonly batches: Pick<BatchStore, "findSettled" | "remove">
  readonly batchJobs: Pick<BatchJobs, "hasAny">
  readonly clock: Clock
}

const everyMs = 60_000
const pageSize = 50
/** A batch is kept so long after its end, also when its jobs were removed earlier. */
const keptMs = 86_400_000

/** Removes batches whose jobs have gone, a page each minute, round and round. */
export function createRetireBatches({ batches, batchJobs, clock }: RetireBatchesDependencies): () => Promise<void> {
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let after: string | null = null
  return async () => {
    const now = clock().getTime()
    if (now - lookedAtMs < everyMs) return
    lookedAtMs = now
    const page = await batches.findSettled({ completedBefore: new Date(now - keptMs), after, limit: pageSize })
    for (const { tenantId, id, completedAt } of page) {
      const hasJobs = await batchJobs.hasAny({ tenantId, batchId: id })
      if (!hasJobs && completedAt !== null) await batches.remove({ tenantId, id, eventId: batchEventId({ id, completedAt }) })
    }
    after = page.length < pageSize ? null : (page.at(-1)?.id ?? null)
  }
}
