import { endJob, type RunningJob } from "@sluice/core"
import type { ExecutionObserver } from "@sluice/engine"
import type { WorkerMetrics } from "./worker-metrics.ts"

type Counted = Pick<WorkerMetrics, "jobs" | "providers" | "upkeep">

/** Counts what executions tell, and passes it on. */
export function measureExecutions({ jobs, providers, upkeep }: Counted, observer: ExecutionObserver): ExecutionObserver {
  return {
    ...observer,
    attemptEnded(event) {
      observer.attemptEnded(event)
      providers.attempted({ attempt: event.attempt, kind: event.job.work.kind })
    },
    firstPieceCame(event) {
      observer.firstPieceCame(event)
      const { name, provider, model } = event.endpoint
      providers.firstChunk({ endpoint: name, provider, model, seconds: event.afterMs / 1_000 })
    },
    jobStarted(event) {
      observer.jobStarted(event)
      const { route, options } = event.job
      if (isFirstClaim(event.job)) jobs.started({ route, priority: options.priority, waitedSeconds: waitedSeconds(event.job) })
    },
    jobHandedBack(event) {
      observer.jobHandedBack(event)
      if (event.waiting) jobs.waits({ route: event.job.route, reason: event.waiting.reason })
    },
    jobDegraded(event) {
      observer.jobDegraded(event)
      jobs.degraded({ route: event.job.route, tier: event.tier })
    },
    jobEnded(event) {
      observer.jobEnded(event)
      const ended = endJob(event.job, event.ending)
      jobs.ended(ended)
      if ("error" in ended) upkeep.deadLetter({ kind: "job", errorType: ended.error.type })
    },
    executionOvertaken(event) {
      observer.executionOvertaken(event)
      upkeep.overtaken()
    },
  }
}

/** Later claims of a run follow waits that are counted by their reason. */
function isFirstClaim({ startedAt, claim }: RunningJob): boolean {
  return startedAt !== null && startedAt.getTime() === claim.at.getTime()
}

function waitedSeconds({ claim, createdAt, options: { runAt } }: RunningJob): number {
  const eligibleAt = runAt !== null && runAt > createdAt ? runAt : createdAt
  return (claim.at.getTime() - eligibleAt.getTime()) / 1_000
}
