import { endedWait, type OutstandingJob } from "@sluice/core"
import { repairQueue } from "./put-in-queue.ts"
import { pageSize, type StepContext } from "./sweep-dependencies.ts"

interface Place {
  readonly route: string
  readonly after: string | null
}

/**
 * Compares jobs in line with the queue, one page at a time and round and round: what has gone missing for a reason that nobody
 * thought of is found in the end. Each call goes on where the last one stopped.
 */
export function createScrub(): (context: StepContext) => Promise<void> {
  let place: Place | null = null

  async function firstPlace({ scans }: StepContext, after: string | null): Promise<Place | null> {
    const route = await scans.nextRoute({ status: "queued", after })
    return route === null ? null : { route, after: null }
  }

  return async (context) => {
    place ??= await firstPlace(context, null)
    if (place === null) return
    const { route, after } = place
    const page = await context.scans.findOutstanding({ route, after, dueBy: context.clock(), limit: pageSize })
    context.repaired("requeued", await repairQueue(context, page))
    await unpark(context, route, page)
    const last = page.at(-1)
    place = last && page.length === pageSize ? { route, after: last.id } : await firstPlace(context, route)
  }
}

/** A route that is back is not what its jobs wait for any more. */
async function unpark({ catalog, store, clock, repaired }: StepContext, route: string, page: readonly OutstandingJob[]): Promise<void> {
  if (!Object.hasOwn(catalog().routes, route)) return
  const parked = page.filter(({ waiting }) => waiting?.reason === "route_missing")
  const at = clock()
  const unparkOne = (job: OutstandingJob) => store.park({ id: job.id, run: job.run, waiting: null, waited: endedWait(job, { at }) })
  const outcomes = await Promise.all(parked.map(unparkOne))
  repaired("unparked", outcomes.filter(({ applied }) => applied).length)
}
