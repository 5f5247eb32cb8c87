import { enqueueHorizonMs } from "../submit/enqueue-due-at.ts"
import { forEachRoute } from "./for-each-route.ts"
import { addToQueue } from "./put-in-queue.ts"
import { pageSize, type StepContext } from "./sweep-dependencies.ts"

/**
 * When the queue has lost its memory, puts every job into it that is in line and due within a minute. Those that are due
 * later are enqueued in time anyway, and those that are being executed come back by themselves or are rescued.
 */
export async function rebuildQueue(context: StepContext): Promise<void> {
  if (!(await context.inventory.hasForgotten())) return
  await context.inventory.refill(() => forEachRoute(context.scans, "queued", (route) => refillRoute(context, route)))
}

async function refillRoute(context: StepContext, route: string): Promise<void> {
  const { scans, clock, repaired, stillLeading } = context
  for (let after: string | null = null; ; ) {
    const dueBy = new Date(clock().getTime() + enqueueHorizonMs)
    const page = await scans.findOutstanding({ route, after, dueBy, limit: pageSize })
    await addToQueue(context, page)
    repaired("rebuilt", page.length)
    if (page.length < pageSize) return
    after = page.at(-1)?.id ?? null
    await stillLeading()
  }
}
