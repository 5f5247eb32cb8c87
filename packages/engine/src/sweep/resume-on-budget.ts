import { endedWait, type OutstandingJob } from "@sluice/core"
import type { StepContext, SweepDependencies } from "./sweep-dependencies.ts"

/** Of one look and tenant; the next one goes on. */
const maxJobs = 500

interface Change {
  readonly budgetUsd: number | null
  /** Jobs that have waited since before this go on. Null: all did that could. */
  readonly since: Date | null
}

/**
 * Lets jobs go on that wait for a budget which has been changed since: they were told to come back the next day. Who leads the
 * sweep anew knows of no budget before, and lets all of them have another look.
 */
export function createResumeOnBudget(): (context: StepContext) => Promise<void> {
  const seen = new Map<string, Change>()
  return async (context) => {
    for (let tenant = await nextTenant(context, null); tenant !== null; tenant = await nextTenant(context, tenant)) {
      const budgetUsd = context.tenants.settingsOf(tenant).budgetUsdPerDay ?? null
      const before = seen.get(tenant)
      const since = before?.budgetUsd === budgetUsd ? before.since : context.clock()
      const isDone = since === null || (await resume(context, tenant, since)) < maxJobs
      seen.set(tenant, { budgetUsd, since: isDone ? null : since })
      await context.stillLeading()
    }
  }
}

function nextTenant({ scans }: SweepDependencies, after: string | null): Promise<string | null> {
  return scans.nextTenantOnBudget({ after })
}

async function resume({ scans, store, queue, clock, repaired }: StepContext, tenantId: string, since: Date): Promise<number> {
  const waiting = await scans.findOnBudget({ tenantId, before: since, limit: maxJobs })
  const at = clock()
  const resumeOne = (job: OutstandingJob) => store.resume({ id: job.id, run: job.run, at, waited: endedWait(job, { at }) })
  const outcomes = await Promise.all(waiting.map(resumeOne))
  const resumed = waiting.filter((_job, index) => outcomes[index]?.applied)
  // The queue holds them back until the next day; what is due is put into it anew.
  for (const job of resumed) await queue.remove(job)
  repaired("resumed", resumed.length)
  return waiting.length
}
