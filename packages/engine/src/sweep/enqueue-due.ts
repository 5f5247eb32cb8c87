import { repairQueue } from "./put-in-queue.ts"
import { pageSize, type StepContext } from "./sweep-dependencies.ts"

/** Of one look; the next one goes on. */
const maxPages = 20

/** Sees to it that jobs are in the queue whose time is near, or of which nobody knows whether they got there. */
export async function enqueueDue(context: StepContext): Promise<void> {
  const { store, clock, repaired, stillLeading } = context
  for (let page = 0; page < maxPages; page += 1) {
    const at = clock()
    const due = await store.findDueToEnqueue({ at, limit: pageSize })
    if (due.length === 0) return
    repaired("enqueued", await repairQueue(context, due))
    await store.markEnqueued(due.map(({ id, run }) => ({ id, run, at })))
    if (due.length < pageSize) return
    await stillLeading()
  }
}
