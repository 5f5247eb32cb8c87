import {
  type Attempt,
  type BlobStore,
  type Ending,
  type HandBack,
  type JobError,
  type JobSignals,
  type JobStore,
  newEventId,
  type ProcessEntry,
  type ProcessOutcome,
  type Random,
  type RouteConfig,
  type RunningJob,
  traitsOf,
} from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import { type CallDependencies, type CallOutcome, callEndpoint } from "./call-endpoint.ts"
import { chooseEndpoint, requestedModel } from "./choose-endpoint.ts"
import { conclude, type Failure, jobErrorOf } from "./conclude.ts"
import { expectedCostUsd, totalCost } from "./cost.ts"
import type { ExecutionObserver } from "./execution-observer.ts"
import { budgetExhausted, deadlineExceeded, noCapableEndpoint } from "./job-errors.ts"
import { persist } from "./persist.ts"
import { provenanceOf } from "./provenance.ts"
import { storeOutput } from "./store-output.ts"

export interface ExecuteJobDependencies extends CallDependencies {
  readonly store: JobStore
  readonly blobs: BlobStore
  readonly signals: JobSignals
  readonly catalog: () => Catalog
  readonly random: Random
  readonly newToken: () => string
  readonly workerId: string
  readonly observer: ExecutionObserver
}

/** What an execution decided; one atomic write makes it true. */
type Verdict = { readonly kind: "end"; readonly ending: Ending } | ({ readonly kind: "hand_back" } & HandBack)

/** How long a job waits for its route to come back into the configuration before it is looked at again. */
const missingRouteDelayMs = 30_000

/**
 * Executes a job that the queue has handed out: claims it, asks endpoints, and writes the end, or hands the job back to
 * be continued later. It holds a slot only while it calls: all longer waits go through the queue. When the signal is
 * aborted the call is ended and the job handed back at once, with no attempt counted.
 */
export function createExecuteJob(dependencies: ExecuteJobDependencies): ProcessEntry {
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
        const verdict = await decide(dependencies, outcome.job, signal)
        return await apply(dependencies, outcome.job, verdict, signal)
      }
    }
  }
}

async function decide(dependencies: ExecuteJobDependencies, job: RunningJob, signal: AbortSignal): Promise<Verdict> {
  const now = dependencies.clock()
  if (now >= job.deadline) return ended(dependencies, { status: "expired", attempts: [], error: expiry(job, now) })
  const catalog = dependencies.catalog()
  const route = Object.hasOwn(catalog.routes, job.route) ? catalog.routes[job.route] : undefined
  if (!route) {
    const until = new Date(Math.min(now.getTime() + missingRouteDelayMs, job.deadline.getTime()))
    return { kind: "hand_back", notBefore: until, waiting: { reason: "route_missing", endpoint: null, since: now, until }, attempts: [] }
  }
  return await askInTurn(dependencies, { job, route, catalog, signal })
}

/** One execution's surroundings. */
interface Round {
  readonly job: RunningJob
  readonly route: RouteConfig
  readonly catalog: Catalog
  /** Aborted when the worker wants the job back. */
  readonly signal: AbortSignal
}

/** Asks one endpoint after the other until one answers, none is left, or the job's own limits say stop. */
async function askInTurn(dependencies: ExecuteJobDependencies, round: Round): Promise<Verdict> {
  const failures: Failure[] = []
  for (;;) {
    const next = await askNext(dependencies, round, failures)
    if (next.kind !== "failed") return next
    failures.push(next)
  }
}

async function askNext(
  dependencies: ExecuteJobDependencies,
  round: Round,
  failures: readonly Failure[],
): Promise<Verdict | Extract<CallOutcome, { kind: "failed" }>> {
  const { job, route, catalog, signal } = round
  const made = failures.map(({ attempt }) => attempt)
  const choice = chooseEndpoint({ ...dependencies, catalog }, { route, job, made })
  if (choice.kind !== "call") return afterFailures(dependencies, round, failures)
  const { tier, endpoint } = choice
  const overBudget = budgetError(job, made, endpoint)
  if (overBudget) return ended(dependencies, { status: "failed", attempts: made, error: overBudget })

  const outcome = await callEndpoint(dependencies, { job, tier, endpoint, number: job.attemptCount + made.length + 1, signal })
  report(dependencies, job, outcome)
  switch (outcome.kind) {
    case "answered":
      return await succeed(dependencies, round, made, outcome)
    case "aborted":
      return { kind: "hand_back", notBefore: null, waiting: null, attempts: made }
    case "out_of_time": {
      const attempts = [...made, outcome.attempt]
      return ended(dependencies, { status: "expired", attempts, error: expiry(job, dependencies.clock(), attempts) })
    }
    case "failed":
      return traitsOf(outcome.error.type).failsOver ? outcome : afterFailures(dependencies, round, [...failures, outcome])
  }
}

function report({ observer }: ExecuteJobDependencies, job: RunningJob, outcome: CallOutcome): void {
  observer.attemptEnded({ job, attempt: outcome.attempt, error: outcome.kind === "failed" ? outcome.error : null })
}

function budgetError(job: RunningJob, made: readonly Attempt[], endpoint: Parameters<typeof expectedCostUsd>[0]): JobError | null {
  const maxUsd = job.options.maxCostUsd
  if (maxUsd === null) return null
  const spentUsd = totalCost(attemptsOfRun(job, made)).usd
  const nextUsd = expectedCostUsd(endpoint, job.work)
  return spentUsd + nextUsd > maxUsd ? budgetExhausted({ spentUsd, nextUsd, maxUsd, endpoint: endpoint.name }) : null
}

async function succeed(
  dependencies: ExecuteJobDependencies,
  { job, route, catalog, signal }: Round,
  made: readonly Attempt[],
  { attempt, answer, verdict }: Extract<CallOutcome, { kind: "answered" }>,
): Promise<Verdict> {
  const attempts = [...made, attempt]
  const output = await persist(() => storeOutput(dependencies.blobs, job, answer.generated), persistOptions(dependencies, job, signal))
  const provenance = provenanceOf({ attempt, model: answer.model, requestedModel: requestedModel(catalog, route), verdict })
  const cost = totalCost(attemptsOfRun(job, attempts))
  const at = dependencies.clock()
  const result = { output, provenance, usage: answer.usage, cost }
  return { kind: "end", ending: { status: "succeeded", at, eventId: newEventId({ at }), attempts, result } }
}

/** No endpoint is left to ask, or the last one's word was final. */
function afterFailures(dependencies: ExecuteJobDependencies, { job, route }: Round, failures: readonly Failure[]): Verdict {
  const { clock, random } = dependencies
  const made = failures.map(({ attempt }) => attempt)
  const last = failures.at(-1)
  if (!last) return ended(dependencies, { status: "failed", attempts: [], error: noCapableEndpoint(job) })
  if (!traitsOf(last.error.type).failsOver) return ended(dependencies, { status: "failed", attempts: made, error: jobErrorOf(last) })
  const conclusion = conclude({ job, failures, retry: route.retry, now: clock(), random })
  if (!conclusion) return ended(dependencies, { status: "failed", attempts: made, error: jobErrorOf(last) })
  const { notBefore, waiting, delayMs } = conclusion
  const attempts = made.map((attempt, index) => ({ ...attempt, delayMs: index === made.length - 1 ? delayMs : 0 }))
  return { kind: "hand_back", notBefore, waiting, attempts }
}

type EndingWithError = Extract<Ending, { error: JobError }>

function ended({ clock }: ExecuteJobDependencies, end: Pick<EndingWithError, "status" | "attempts" | "error">): Verdict {
  const at = clock()
  return { kind: "end", ending: { ...end, at, eventId: newEventId({ at }) } }
}

function expiry(job: RunningJob, now: Date, made: readonly Attempt[] = []): JobError {
  const last = [...job.attempts, ...made].at(-1)
  const lastCause = last?.errorType ? { endpoint: last.endpoint, reason: last.errorType } : null
  return deadlineExceeded({ createdAt: job.createdAt, now, lastCause })
}

function attemptsOfRun(job: RunningJob, made: readonly Attempt[]): readonly Attempt[] {
  return [...job.attempts.filter(({ run }) => run === job.run), ...made]
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

function persistOptions({ observer }: ExecuteJobDependencies, job: RunningJob, signal: AbortSignal) {
  return { signal, onDelay: (error: unknown) => observer.writeDelayed({ jobId: job.id, error }) }
}
