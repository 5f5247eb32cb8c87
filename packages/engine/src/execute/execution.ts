import type { Attempt, Clock, RouteConfig, RunningJob, Span } from "@sluice/core"
import type { SharedAnswer } from "../cache/shared-answer.ts"
import type { Catalog } from "../catalog.ts"
import type { LiveExecution } from "../live/live-report.ts"

/** One execution of a job: what it works with, and the calls that it has made so far. */
export interface Execution {
  readonly job: RunningJob
  readonly route: RouteConfig
  /** Its endpoints are as the job's tenant may use them. */
  readonly catalog: Catalog
  /** Endpoints of the route that the tenant cannot use, for want of a key of its own. */
  readonly lacking: ReadonlySet<string>
  /** Aborted when the worker wants the job back, or the job was cancelled. */
  readonly signal: AbortSignal
  /** Appended to with each call; earlier executions' calls are in the job. */
  readonly made: Attempt[]
  /** Told of an answer as soon as there is one, for those who wait for the same. */
  readonly share: (answer: SharedAnswer) => void
  /** Told of what happens as it happens, for those who watch. */
  readonly live: LiveExecution
  /** In the job's trace. */
  readonly span: Span
}

/** All calls of this run, those of earlier executions first. */
export function attemptsOfRun({ job, made }: Pick<Execution, "job" | "made">): readonly Attempt[] {
  return [...job.attempts.filter(({ run }) => run === job.run), ...made]
}

/** The number of the next call. */
export function nextNumber({ job, made }: Pick<Execution, "job" | "made">): number {
  return job.attemptCount + made.length + 1
}

/** When the job could have run at the earliest. */
export function eligibleAt(job: RunningJob): Date {
  const { runAt } = job.options
  return runAt !== null && runAt > job.createdAt ? runAt : job.createdAt
}

export function isPastDeadline({ job }: Pick<Execution, "job">, clock: Clock): boolean {
  return clock() >= job.deadline
}
