import { endedWait, type HeldJob, maxRescues, newEventId, noTracer } from "@sluice/core"
import { workerLost } from "../execute/job-errors.ts"
import { traceEnd } from "../trace/trace-end.ts"
import { forEachRoute } from "./for-each-route.ts"
import { pageSize, type StepContext } from "./sweep-dependencies.ts"

/** A worker that has just started may not have been heard of yet. */
const claimGraceMs = 20_000

/**
 * Puts running jobs back in line whose worker gives no sign of life and which the queue does not hold either: nobody would ever
 * finish them. As long as the queue holds such a job, it hands it to another worker by itself.
 */
export async function rescueLost(context: StepContext): Promise<void> {
  const live = await context.workers.live()
  await forEachRoute(context.scans, "running", (route) => rescueOfRoute(context, route, live))
}

async function rescueOfRoute(context: StepContext, route: string, exceptWorkers: readonly string[]): Promise<void> {
  const { scans, inventory, clock, stillLeading } = context
  for (let after: string | null = null; ; ) {
    const claimedBefore = new Date(clock().getTime() - claimGraceMs)
    const page: readonly HeldJob[] = await scans.findHeld({ route, after, claimedBefore, exceptWorkers, limit: pageSize })
    const { absent, stranded } = await inventory.missing(page)
    for (const job of stranded) await context.queue.remove(job)
    await Promise.all([...absent, ...stranded].map((job) => rescueOrFail(context, job)))
    if (page.length < pageSize) return
    after = page.at(-1)?.id ?? null
    await stillLeading()
  }
}

async function rescueOrFail(context: StepContext, job: HeldJob): Promise<void> {
  const isLost = job.rescues >= maxRescues
  const applied = isLost ? await fail(context, job) : await rescue(context, job)
  if (applied) context.repaired(isLost ? "lost" : "rescued", 1)
}

async function rescue({ store, clock }: StepContext, job: HeldJob): Promise<boolean> {
  const { id, run, claim } = job
  const at = clock()
  // It is due to be enqueued from now on, which the next step does.
  const { applied } = await store.rescue({ id, run, token: claim.token, at, waited: endedWait(job, { at }) })
  return applied
}

async function fail({ store, clock, signals, observer, tracer = noTracer }: StepContext, job: HeldJob): Promise<boolean> {
  const at = clock()
  const error = workerLost(job.rescues + 1)
  const ending = { status: "failed", at, eventId: newEventId({ at }), attempts: [], error, waited: endedWait(job, { at }) } as const
  const { applied } = await store.abandon({ id: job.id, run: job.run, token: job.claim.token, ending })
  if (!applied) return false
  signals.announceFinished({ id: job.id })
  traceEnd(tracer, { job, at, ending })
  observer.jobEnded({ job, ending })
  return true
}
