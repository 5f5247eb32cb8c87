import { QueueUnavailableError, StorageUnavailableError } from "@sluice/core"
import { enqueueDue } from "./enqueue-due.ts"
import { expireOverdue } from "./expire-overdue.ts"
import { keepBooks, retireBuckets } from "./keep-books.ts"
import { createLeadership, LeadershipLost } from "./leadership.ts"
import { parkMissingRoutes } from "./park-missing-routes.ts"
import { rebuildQueue } from "./rebuild-queue.ts"
import type { RepairKind } from "./repairs.ts"
import { rescueLost } from "./rescue-lost.ts"
import { createResumeOnBudget } from "./resume-on-budget.ts"
import { retireJobs } from "./retire-jobs.ts"
import { createScrub } from "./scrub.ts"
import type { StepContext, SweepDependencies } from "./sweep-dependencies.ts"

export interface SweepReport {
  /** False: another process sweeps. */
  readonly led: boolean
  /** What was mended; a kind of which there was nothing is left out. */
  readonly repairs: Readonly<Partial<Record<RepairKind, number>>>
}

interface Step {
  readonly name: string
  readonly everyMs: number
  readonly run: (context: StepContext) => Promise<void>
}

/** In this order: what is rescued is enqueued by the same look. */
function allSteps(): readonly Step[] {
  return [
    { name: "expiry", everyMs: 0, run: expireOverdue },
    { name: "rebuild", everyMs: 0, run: rebuildQueue },
    { name: "rescue", everyMs: 5_000, run: rescueLost },
    { name: "budgets", everyMs: 1_000, run: createResumeOnBudget() },
    { name: "enqueue", everyMs: 0, run: enqueueDue },
    { name: "park", everyMs: 10_000, run: parkMissingRoutes },
    { name: "usage", everyMs: 0, run: keepBooks },
    { name: "scrub", everyMs: 2_000, run: createScrub() },
    { name: "retention", everyMs: 60_000, run: retireJobs },
    { name: "usage retention", everyMs: 600_000, run: retireBuckets },
  ]
}

/**
 * The reconciler: one look at the store, and what the store says compared with the queue, for all that nobody else attends
 * to. One process at a time leads; each repair is a conditional write, so it is safe under two that believe they do. Batches
 * are bounded, and go by indexes that hold unfinished jobs only. While the queue is away, what needs it waits for the next
 * look. Rejects with `StorageUnavailableError` while the store is.
 */
export function createSweep(dependencies: SweepDependencies): () => Promise<SweepReport> {
  const { clock, observer } = dependencies
  const leadership = createLeadership(dependencies)
  const steps = allSteps()
  const lastRun = new Map<string, number>()

  function isDue({ name, everyMs }: Step): boolean {
    const now = clock().getTime()
    const last = lastRun.get(name)
    if (last !== undefined && now - last < everyMs) return false
    lastRun.set(name, now)
    return true
  }

  async function runStep(step: Step, context: StepContext): Promise<void> {
    try {
      await step.run(context)
    } catch (error) {
      if (error instanceof StorageUnavailableError || error instanceof LeadershipLost) throw error
      if (!(error instanceof QueueUnavailableError)) observer.stepFailed({ step: step.name, error })
    }
  }

  return async () => {
    if (!(await leadership.take())) return { led: false, repairs: {} }
    const repairs = new Map<RepairKind, number>()
    const repaired = (kind: RepairKind, count: number) => void (count > 0 && repairs.set(kind, (repairs.get(kind) ?? 0) + count))
    const context = { ...dependencies, repaired, stillLeading: leadership.stillLeading }
    try {
      for (const step of steps) if (isDue(step)) await runStep(step, context)
    } catch (error) {
      if (!(error instanceof LeadershipLost)) throw error
    } finally {
      for (const [kind, count] of repairs) observer.repaired({ kind, count })
    }
    return { led: true, repairs: Object.fromEntries(repairs) }
  }
}
