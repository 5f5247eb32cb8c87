import {
  endedWait,
  type JobSignals,
  type JobStore,
  maxRescues,
  noTracer,
  type ProcessEntry,
  type ProcessOutcome,
  type RunningJob,
  type Span,
  type Tracer,
} from "@sluice/core"
import { type BatchTiming, createBatcher } from "../batch/batcher.ts"
import type { SharedAnswer } from "../cache/shared-answer.ts"
import { createSingleFlight } from "../cache/single-flight.ts"
import type { Catalog } from "../catalog.ts"
import { endpointsForTenant } from "../credentials/endpoints-for-tenant.ts"
import { noTenantKeys } from "../credentials/tenant-keys.ts"
import type { Listeners } from "../deliver/listeners.ts"
import type { LiveExecution, LiveReport } from "../live/live-report.ts"
import { enqueueDueAt } from "../submit/enqueue-due-at.ts"
import { describeVerdict, traceExecution } from "../trace/trace-execution.ts"
import type { AskDependencies } from "./ask-endpoint.ts"
import { createClaimTokens } from "./claim-tokens.ts"
import { type DecideDependencies, decide } from "./decide.ts"
import { workerLost } from "./job-errors.ts"
import { persist } from "./persist.ts"
import type { RunningExecutions } from "./running-executions.ts"
import { ended, persistOptions, type Verdict } from "./verdicts.ts"

type Supplied = Omit<DecideDependencies, "flights" | "ask" | "tracer"> & Omit<AskDependencies, "tracer">

export interface ExecuteJobDependencies extends Supplied {
  readonly store: JobStore
  readonly signals: JobSignals
  readonly catalog: () => Catalog
  readonly running: RunningExecutions
  readonly live: LiveReport
  readonly newToken: () => string
  /** Left out: nobody knows, and every event goes through the outbox. */
  readonly listeners?: Listeners
  readonly workerId: string
  /** Left out: a few milliseconds. */
  readonly batchTiming?: BatchTiming
  /** Left out: nothing is traced. */
  readonly tracer?: Tracer
}

/** How long a job waits for its route to come back into the configuration before it is looked at again. */
const missingRouteDelayMs = 30_000

/**
 * Executes a job that the queue has handed out: claims it, asks endpoints, and writes the end, or hands the job back to
 * be continued later. It holds a slot only while it calls: all longer waits go through the queue. When the signal is
 * aborted the call is ended and the job handed back at once, with no attempt counted. A job whose executions were lost with
 * their workers too often in a row is not called for any more: it fails as `worker_lost`.
 */
export function createExecuteJob({ tracer = noTracer, ...others }: ExecuteJobDependencies): ProcessEntry {
  const supplied = { ...others, tracer }
  const newBatchCallId = () => `bcall_${supplied.newToken()}`
  const ask = createBatcher({ ...supplied, newBatchCallId }, supplied.batchTiming)
  const dependencies = { ...supplied, ask, flights: createSingleFlight<SharedAnswer>() }
  const { store, clock, workerId, running } = dependencies
  const newClaimToken = createClaimTokens(supplied)
  return async ({ id, run }, signal) => {
    const claim = { token: newClaimToken(id), workerId, at: clock() }
    const execution = running.begin({ id, run, token: claim.token }, signal)
    try {
      const outcome = await store.claim({ id, run, claim })
      switch (outcome.kind) {
        case "gone":
          return { kind: "done" }
        case "not_due":
          return { kind: "again", at: outcome.notBefore }
        case "claimed":
          execution.claimed()
          dependencies.observer.jobStarted({ job: outcome.job })
          return await traceExecution(tracer, outcome.job, (span) => executeClaimed(dependencies, outcome.job, execution.signal, span))
      }
    } finally {
      execution.end()
    }
  }
}

type Deciding = ExecuteJobDependencies & DecideDependencies

/** A job that this worker holds. */
interface Claimed {
  readonly job: RunningJob
  readonly signal: AbortSignal
  readonly live: LiveExecution
  readonly span: Span
}

async function executeClaimed(dependencies: Deciding, job: RunningJob, signal: AbortSignal, span: Span): Promise<ProcessOutcome> {
  const live = dependencies.live.begin(job)
  dependencies.listeners?.prepare(job)
  try {
    const claimed = { job, signal, live, span }
    return await apply(dependencies, claimed, await judgeOrGiveUp(dependencies, claimed))
  } finally {
    live.end()
  }
}

async function judgeOrGiveUp(dependencies: Deciding, claimed: Claimed): Promise<Verdict> {
  try {
    return await judge(dependencies, claimed)
  } catch (error) {
    await giveUp(dependencies, claimed.job)
    throw error
  }
}

/** After a defect the job must not look as if it were still being executed. Should this fail too, the next claim takes it over. */
async function giveUp({ store, clock }: ExecuteJobDependencies, job: RunningJob): Promise<void> {
  const { id, run, claim } = job
  const now = clock()
  const waited = endedWait(job, { at: now })
  const back = { notBefore: null, waiting: null, enqueueDueAt: enqueueDueAt({ now, notBefore: null }), attempts: [], waited }
  await store.handBack({ id, run, token: claim.token, ...back }).catch(() => undefined)
}

async function judge(dependencies: Deciding, claimed: Claimed): Promise<Verdict> {
  const { job } = claimed
  if (job.rescues > maxRescues) return ended(dependencies, { status: "failed", attempts: [], error: workerLost(job.rescues) })
  return await decideWithRoute(dependencies, claimed)
}

async function decideWithRoute(dependencies: Deciding, claimed: Claimed): Promise<Verdict> {
  const { job } = claimed
  const catalog = dependencies.catalog()
  const route = Object.hasOwn(catalog.routes, job.route) ? catalog.routes[job.route] : undefined
  if (route) {
    const { tenantKeys = noTenantKeys } = dependencies
    const { endpoints, lacking } = await endpointsForTenant(tenantKeys, { tenantId: job.tenantId, route, catalog })
    return await decide(dependencies, { ...claimed, route, catalog: { ...catalog, endpoints }, lacking, made: [], share: () => undefined })
  }
  const now = dependencies.clock()
  const since = job.waiting?.reason === "route_missing" ? job.waiting.since : now
  const until = new Date(Math.min(now.getTime() + missingRouteDelayMs, job.deadline.getTime()))
  return {
    kind: "hand_back",
    notBefore: until,
    waiting: { reason: "route_missing", endpoint: null, since, until, refusals: 0 },
    attempts: [],
  }
}

/** Whether the end that was decided can be written as one that nobody is to hear of; the outbox takes care of what is not known. */
async function withHearing({ listeners }: ExecuteJobDependencies, { job }: Claimed, verdict: Verdict): Promise<Verdict> {
  if (verdict.kind !== "end" || !listeners) return verdict
  const mayHear = await listeners.mayHear({ job, ending: verdict.ending }).catch(() => true)
  return mayHear ? verdict : { ...verdict, ending: { ...verdict.ending, isUnheard: true } }
}

/** The wait that this execution ended is written down with what it decided. */
function withWaited(verdict: Verdict, job: RunningJob, at: Date): Verdict {
  if (job.waiting === null) return verdict
  if (verdict.kind === "end") return { ...verdict, ending: { ...verdict.ending, waited: endedWait(job, { at }) } }
  return { ...verdict, waited: endedWait(job, { at, next: verdict.waiting }) }
}

async function apply(dependencies: ExecuteJobDependencies, claimed: Claimed, decided: Verdict): Promise<ProcessOutcome> {
  const { job, signal, live, span } = claimed
  const { store, signals, observer, clock } = dependencies
  const execution = { id: job.id, run: job.run, token: job.claim.token }
  const verdict = withWaited(await withHearing(dependencies, claimed, decided), job, clock())
  const write = () =>
    verdict.kind === "end"
      ? store.finish({ ...execution, ending: verdict.ending })
      : store.handBack({ ...execution, ...verdict, enqueueDueAt: enqueueDueAt({ now: clock(), notBefore: verdict.notBefore }) })
  const outcome = await persist(write, persistOptions(dependencies, job, signal))
  describeVerdict(span, verdict, outcome.applied ? null : outcome.refusal)
  if (!outcome.applied) {
    observer.executionOvertaken({ job, refusal: outcome.refusal })
    return { kind: "done" }
  }
  if (verdict.kind === "end") {
    signals.announceFinished({ id: job.id })
    observer.jobEnded({ job, ending: verdict.ending })
    return { kind: "done" }
  }
  live.handedBack(verdict.waiting)
  observer.jobHandedBack({ job, notBefore: verdict.notBefore, waiting: verdict.waiting })
  return { kind: "again", at: verdict.notBefore }
}
