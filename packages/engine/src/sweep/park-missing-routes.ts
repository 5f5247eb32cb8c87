import { endedWait, type OutstandingJob } from "@sluice/core"
import { forEachRoute } from "./for-each-route.ts"
import { pageSize, type StepContext } from "./sweep-dependencies.ts"

/** Says of jobs whose route is not in the configuration that this is what they wait for, until it is back or their deadline comes. */
export async function parkMissingRoutes(context: StepContext): Promise<void> {
  const { scans, catalog, observer } = context
  await forEachRoute(scans, "queued", async (route) => {
    if (Object.hasOwn(catalog().routes, route)) return
    const parked = await parkRoute(context, route)
    if (parked > 0) observer.routeMissing({ route, parked })
  })
}

async function parkRoute({ scans, store, clock, repaired, stillLeading }: StepContext, route: string): Promise<number> {
  for (let parked = 0; ; ) {
    const now = clock()
    const page = await scans.findUnparked({ route, dueBy: now, limit: pageSize })
    const waiting = { reason: "route_missing", endpoint: null, since: now, until: null, refusals: 0 } as const
    const park = (job: OutstandingJob) =>
      store.park({ id: job.id, run: job.run, waiting, waited: endedWait(job, { at: now, next: waiting }) })
    const outcomes = await Promise.all(page.map(park))
    const count = outcomes.filter(({ applied }) => applied).length
    repaired("parked", count)
    parked += count
    if (page.length < pageSize || count === 0) return parked
    await stillLeading()
  }
}
