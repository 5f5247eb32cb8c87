import type { JobSignals, JobStore, ProcessEntry, ProcessOutcome, RunningJob } from "@sluice/core"
import { type BatchTiming, createBatcher } from "../batch/batcher.ts"
import type { SharedAnswer } from "../cache/shared-answer.ts"
import { createSingleFlight } from "../cache/single-flight.ts"
import type { Catalog } from "../catalog.ts"
import type { AskDependencies } from "./ask-endpoint.ts"
import { type DecideDependencies, decide } from "./decide.ts"
import { persist } from "./persist.ts"
import { persistOptions, type Verdict } from "./verdicts.ts"

type Supplied = Omit<DecideDependencies, "flights" | "ask"> & AskDependencies

export interface ExecuteJobDependencies extends Supplied {
  readonly store: JobStore
  readonly signals: JobSignals
  readonly catalog: () => Catalog
  readonly newToken: () => string
  readonly workerId: string
  /** Left out: a few milliseconds. */
  readonly batchTiming?: BatchTiming
}

/** How long a job waits for its route to come back into the configuration before it is looked at again. */
const missingRouteDelayMs = 30_000

/**
 * Executes a job that the queue has handed out: claims it, asks endpoints, and writes the end, or hands the job back to
 * be continued later. It holds a slot only while it calls: all longer waits go through the queue. When the signal is
 * aborted the call is ended and the job handed back at once, with no attempt counted.
 */
export function createExecuteJob(supplied: ExecuteJobDependencies): ProcessEntry {
  const newBatchCallId = () => `bcall_${supplied.newToken()}`
  const ask = createBatcher({ ...supplied, newBatchCallId }, supplied.batchTiming)
  const dependencies = { ...supplied, ask, flights: createSingleFlight<SharedAnswer>() }
  const { store, clock, newToken, workerId } = dependencies
  return async ({ id, run }, signal) => {
    const claim = { token: newToken(), workerId, at: clock() }
    const outcome = await store.claim({ id, run, claim })
    switch (outcome.kind) {
      case "gone":
        return { kind: "done" }
      case "not_due":
        return { kind: "again", at: outcome.notBefore }
      case "claimed": {
        dependencies.observer.jobStarted({ job: outcome.job })
        const verdict = await decideWithRoute(dependencies, outcome.job, signal)
        return await apply(dependencies, outcome.job, verdict, signal)
      }
    }
  }
}

async function decideWithRoute(
  dependencies: ExecuteJobDependencies & DecideDependencies,
  job: RunningJob,
  signal: AbortSignal,
): Promise<Verdict> {
  const catalog = dependencies.catalog()
  const route = Object.hasOwn(catalog.routes, job.route) ? catalog.routes[job.route] : undefined
  if (route) return await decide(dependencies, { job, route, catalog, signal, made: [], share: () => undefined })
  const since = dependencies.clock()
  const until = new Date(Math.min(since.getTime() + missingRouteDelayMs, job.deadline.getTime()))
  return {
    kind: "hand_back",
    notBefore: until,
    waiting: { reason: "route_missing", endpoint: null, since, until, refusals: 0 },
    attempts: [],
  }
}

async function apply(
  dependencies: ExecuteJobDependencies,
  job: RunningJob,
  verdict: Verdict,
  signal: AbortSignal,
): Promise<ProcessOutcome> {
  const { store, signals, observer } = dependencies
  const execution = { id: job.id, run: job.run, token: job.claim.token }
  const write = () =>
    verdict.kind === "end" ? store.finish({ ...execution, ending: verdict.ending }) : store.handBack({ ...execution, ...verdict })
  const outcome = await persist(write, persistOptions(dependencies, job, signal))
  if (!outcome.applied) {
    observer.executionOvertaken({ job, refusal: outcome.refusal })
    return { kind: "done" }
  }
  if (verdict.kind === "end") {
    signals.announceFinished({ id: job.id })
    observer.jobEnded({ job, ending: verdict.ending })
    return { kind: "done" }
  }
  observer.jobHandedBack({ job, notBefore: verdict.notBefore, waiting: verdict.waiting })
  return { kind: "again", at: verdict.notBefore }
}
