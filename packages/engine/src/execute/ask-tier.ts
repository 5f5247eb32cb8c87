import { type Clock, type Endpoint, type JobError, type Random, traitsOf, type Waiting } from "@sluice/core"
import { refusedKeyHint } from "../credentials/credential-hints.ts"
import { repairWork } from "../tiers/repair-work.ts"
import type { Ask, AskOutcome } from "./ask-endpoint.ts"
import type { CallDependencies, RejectedAnswer } from "./call-endpoint.ts"
import { candidatesOf, type ProviderTier } from "./candidates.ts"
import { conclude, type Failure, jobErrorOf } from "./conclude.ts"
import { cheapestNextUsd, totalCost } from "./cost.ts"
import { attemptsOfRun, type Execution, isPastDeadline } from "./execution.ts"
import { budgetExhausted, expiryAfter, noCapableEndpoint } from "./job-errors.ts"

export interface TierDependencies {
  readonly ask: Ask
  readonly providerOf: CallDependencies["providerOf"]
  readonly clock: Clock
  readonly random: Random
}

/** Nothing to be had from the tier now: come back. */
export interface TierWait {
  readonly kind: "wait"
  readonly notBefore: Date
  readonly waiting: Waiting
  /** Since when the whole tier has been unavailable; null: it is merely busy, or the job's own retry is due later. */
  readonly unavailableSince: Date | null
}

type Answered = Extract<AskOutcome, { kind: "answered" }>
type Failed = Extract<AskOutcome, { kind: "failed" }>

export type TierOutcome =
  /** `repairs`: calls that were spent on repairing the answer. */
  | (Answered & { readonly repairs: number })
  | Extract<AskOutcome, { kind: "interrupted" }>
  | TierWait
  /** This tier will not serve the job; another may. */
  | { readonly kind: "give_up"; readonly error: JobError }
  /** No endpoint of the tier can serve the job, and this one would be asked if the tenant had a key of its own for it. */
  | { readonly kind: "lacks_key"; readonly endpoint: string }
  /** The job ends here, whatever other tiers could do. */
  | { readonly kind: "end"; readonly status: "failed" | "expired"; readonly error: JobError }

/** Asks the endpoints of a provider tier, failing over from one to the next at once, until one answers or none is left. */
export async function askTier(dependencies: TierDependencies, execution: Execution, tier: ProviderTier): Promise<TierOutcome> {
  const { clock, providerOf } = dependencies
  const failures: Failure[] = []
  for (;;) {
    if (isPastDeadline(execution, clock)) return expired(execution, clock)
    const { unasked, affordable } = candidatesOf(tier, execution, providerOf)
    if (unasked.length === 0) return afterFailures(dependencies, execution, tier, failures)
    if (affordable.length === 0) return overBudget(execution, cheapestNextUsd(unasked, execution.job.work))
    const { outcome, repairs } = await askAndRepair(dependencies, execution, tier, affordable)
    switch (outcome.kind) {
      case "answered":
        return { ...outcome, repairs }
      case "interrupted":
        return outcome
      case "out_of_time":
        return expired(execution, clock)
      case "booked":
      case "refused":
        return afterRefusal(dependencies, execution, failures, outcome)
      case "failed":
        if (!traitsOf(outcome.error.type).failsOver) return { kind: "end", status: "failed", error: jobErrorOf(outcome) }
        failures.push(outcome)
    }
  }
}

const defaultRepairs = 1

/** Asks, and has an answer that does not satisfy its schema repaired by who gave it, as often as the route allows. */
async function askAndRepair(
  { ask }: TierDependencies,
  execution: Execution,
  tier: ProviderTier,
  pool: readonly Endpoint[],
): Promise<{ readonly outcome: AskOutcome; readonly repairs: number }> {
  const { job, route } = execution
  const allowed = route.structuredOutput?.repairs ?? defaultRepairs
  let outcome = await ask({ execution, tier, pool })
  for (let repairs = 0; ; repairs += 1) {
    if (repairs === allowed || !isRepairable(outcome) || job.work.kind !== "chat") return { outcome, repairs }
    const { endpoint, rejected } = outcome
    const work = repairWork(job.work, rejected.text, rejected.why)
    const repaired = await ask({ execution, tier, pool: [endpoint], work })
    // Who cannot be asked again now has failed; somebody else may do better at once.
    if (repaired.kind === "booked" || repaired.kind === "refused") return { outcome, repairs }
    outcome = repaired
  }
}

function isRepairable(outcome: AskOutcome): outcome is Failed & { readonly rejected: RejectedAnswer } {
  return outcome.kind === "failed" && outcome.error.type === "schema_mismatch" && outcome.rejected !== null
}

function expired({ job, made }: Execution, clock: Clock): TierOutcome {
  return { kind: "end", status: "expired", error: expiryAfter(job, clock(), made) }
}

function overBudget(execution: Execution, next: { readonly endpoint: string; readonly usd: number }): TierOutcome {
  const spentUsd = totalCost(attemptsOfRun(execution)).usd
  const maxUsd = execution.job.options.maxCostUsd ?? 0
  return { kind: "end", status: "failed", error: budgetExhausted({ spentUsd, nextUsd: next.usd, maxUsd, endpoint: next.endpoint }) }
}

/** Every endpoint that could serve the job has been asked, or there is none. */
function afterFailures(
  dependencies: TierDependencies,
  execution: Execution,
  tier: ProviderTier,
  failures: readonly Failure[],
): TierOutcome {
  const last = failures.at(-1)
  const lacking = tier.endpoints.find((name) => execution.lacking.has(name))
  if (!last && lacking !== undefined) return { kind: "lacks_key", endpoint: lacking }
  if (!last) return { kind: "give_up", error: noCapableEndpoint(execution.job) }
  return retryLater(dependencies, execution, failures) ?? { kind: "give_up", error: jobErrorOf(last) }
}

function retryLater({ clock, random }: TierDependencies, execution: Execution, failures: readonly Failure[]): TierWait | null {
  const { job, route } = execution
  const later = conclude({ job, failures, attempts: attemptsOfRun(execution), retry: route.retry, now: clock(), random })
  return later && { kind: "wait", ...later, unavailableSince: null }
}

type NotNow = Extract<AskOutcome, { kind: "booked" | "refused" }>

/** Admission let nobody be called: come back when it said, or when a failure of before may be retried, if that is sooner. */
function afterRefusal(dependencies: TierDependencies, execution: Execution, failures: readonly Failure[], outcome: NotNow): TierWait {
  const retry = failures.length > 0 ? retryLater(dependencies, execution, failures) : null
  const refused = waitAfterRefusal(execution, outcome, dependencies.clock())
  return retry && retry.notBefore < refused.notBefore ? retry : refused
}

/** A tenant's own key is for the tenant to put right. */
function hintFor({ endpoints }: Execution["catalog"], outcome: NotNow): Pick<Waiting, "hint"> {
  if (outcome.kind === "booked" || outcome.endpoint === null) return {}
  const tenantKey = endpoints.get(outcome.endpoint)?.tenantKey
  if (!tenantKey || (outcome.reason !== "credential" && outcome.reason !== "quota")) return {}
  return { hint: refusedKeyHint(outcome.endpoint, tenantKey, outcome.reason) }
}

function waitAfterRefusal({ job, catalog }: Execution, outcome: NotNow, now: Date): TierWait {
  const inMs = outcome.kind === "booked" ? outcome.startInMs : outcome.retryInMs
  const reason = outcome.kind === "booked" ? "rate_limited" : outcome.reason
  const notBefore = new Date(Math.min(now.getTime() + inMs, job.deadline.getTime()))
  const before = job.waiting?.reason === reason ? job.waiting : null
  const refusals = (before?.refusals ?? 0) + 1
  const waiting: Waiting = {
    reason,
    endpoint: outcome.endpoint,
    since: before?.since ?? now,
    until: notBefore,
    refusals,
    ...hintFor(catalog, outcome),
  }
  const unavailableSinceMs = outcome.kind === "refused" ? outcome.unavailableSinceMs : null
  return { kind: "wait", notBefore, waiting, unavailableSince: unavailableSinceMs === null ? null : new Date(unavailableSinceMs) }
}
