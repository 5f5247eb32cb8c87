import type { JobError, Tracer, Waiting } from "@sluice/core"
import { degradeAtMs } from "@sluice/resilience"
import type { AnswerCache } from "../cache/answer-cache.ts"
import { missingKeyHint } from "../credentials/credential-hints.ts"
import type { TierAnswers } from "../tiers/tier-answers.ts"
import { notePassedTier, traceLookup, traceTier } from "../trace/trace-tiers.ts"
import { askTier, type TierDependencies, type TierWait } from "./ask-tier.ts"
import type { ProviderTier } from "./candidates.ts"
import { decideTogether, type TogetherDependencies } from "./decide-together.ts"
import { type Execution, eligibleAt, isPastDeadline } from "./execution.ts"
import { expiryAfter, noCapableEndpoint } from "./job-errors.ts"
import { ended, handBack, succeedByCache, succeedByProvider, succeedByTier, type Verdict } from "./verdicts.ts"

export interface DecideDependencies extends TierDependencies, TogetherDependencies {
  readonly answers: AnswerCache
  readonly tierAnswers: TierAnswers
  readonly tracer: Tracer
}

/** How long a tier has to be unavailable before a job turns to the next, when neither the caller nor the route says. */
const defaultDegradeAfterMs = 30_000

/** What the tiers that were passed had to say for themselves. */
interface Passed {
  readonly waits: TierWait[]
  readonly errors: JobError[]
  /** The first endpoint that would be asked if the tenant had a key for it. */
  lacking: string | null
  /** Why the first of them was passed. */
  reason: string | null
}

/** What becomes of a job now: its deadline first, then what was answered before, then the tiers of its route. */
export async function decide(dependencies: DecideDependencies, execution: Execution): Promise<Verdict> {
  const { job, route, signal } = execution
  const { clock, answers, tracer } = dependencies
  if (isPastDeadline(execution, clock)) return ended(dependencies, { status: "expired", attempts: [], error: expiryAfter(job, clock()) })
  const hit = await traceLookup(tracer, execution, () => answers.lookup({ job, route, signal }))
  if (hit) return await succeedByCache(dependencies, execution, hit)
  return await decideTogether(dependencies, execution, (own) => tryTiers(dependencies, own))
}

/**
 * Takes a job through its route's tiers in order. A tier that can only be waited for is waited for, until the clock of
 * degradation says that the next one may be tried; one that will not serve the job is passed at once.
 */
async function tryTiers(dependencies: DecideDependencies, execution: Execution): Promise<Verdict> {
  const { job, made } = execution
  const passed: Passed = { waits: [], errors: [], lacking: null, reason: job.options.onlyTier ? "a drill of this tier" : null }
  for (const tier of allowedTiers(execution)) {
    const verdict =
      "endpoints" in tier
        ? await tryProviders(dependencies, execution, tier, passed)
        : await tryLocally(dependencies, execution, tier, passed)
    if (verdict) return verdict
  }
  if (passed.waits.length > 0) return waitFor(dependencies, execution, { waits: passed.waits, degradeAt: null })
  if (passed.lacking !== null && made.length === 0 && passed.errors.every(({ type }) => type === "no_capable_endpoint"))
    return waitForKey(dependencies, execution, passed.lacking)
  return ended(dependencies, { status: "failed", attempts: made, error: passed.errors[0] ?? noCapableEndpoint(job) })
}

/** Null: the tier was passed. */
async function tryProviders(
  dependencies: DecideDependencies,
  execution: Execution,
  tier: ProviderTier,
  passed: Passed,
): Promise<Verdict | null> {
  const { clock } = dependencies
  const outcome = await askTier(dependencies, execution, tier)
  switch (outcome.kind) {
    case "answered":
      return await succeedByProvider(dependencies, execution, { outcome, degradedReason: passed.reason })
    case "interrupted":
      return handBack(execution, { notBefore: null, waiting: null, delayMs: 0 })
    case "end":
      return ended(dependencies, { ...outcome, attempts: execution.made })
    case "give_up":
      notePassedTier(execution, tier.name, outcome.error.type)
      passed.errors.push(outcome.error)
      passed.reason ??= outcome.error.message
      return null
    case "lacks_key":
      notePassedTier(execution, tier.name, "credential")
      passed.lacking ??= outcome.endpoint
      passed.reason ??= `${outcome.endpoint}: the tenant has no key of its own`
      return null
    case "wait": {
      passed.waits.push(outcome)
      const at = degradationOf(execution, outcome)
      if (at === null || at > clock()) return waitFor(dependencies, execution, { waits: passed.waits, degradeAt: at })
      notePassedTier(execution, tier.name, outcome.waiting.reason)
      passed.reason ??= describeWait(outcome.waiting, outcome.unavailableSince, clock())
      return null
    }
  }
}

type LocalTier = Parameters<TierAnswers>[0]["tier"]

async function tryLocally(
  dependencies: DecideDependencies,
  execution: Execution,
  tier: LocalTier,
  passed: Passed,
): Promise<Verdict | null> {
  const { job, route, signal, span } = execution
  const answer = await traceTier(dependencies.tracer, span, tier.name, () => dependencies.tierAnswers({ job, route, tier, signal }))
  if (!answer) return null
  const reason = passed.reason ?? "no tier before it could serve this input"
  dependencies.observer.jobDegraded({ job, tier: tier.name, reason })
  return await succeedByTier(dependencies, execution, { tier: tier.name, answer, degradedReason: reason })
}

/** By the caller's word: the primary tier alone, those with providers, or all. A drill chose a tier, a replay perhaps an endpoint. */
function allowedTiers({ route, job }: Execution) {
  const { fallback, onlyTier, onlyEndpoint } = job.options
  if (onlyEndpoint) return route.tiers.filter((tier) => "endpoints" in tier && tier.endpoints.includes(onlyEndpoint))
  if (onlyTier) return route.tiers.filter(({ name }) => name === onlyTier)
  switch (fallback) {
    case "none":
      return route.tiers.slice(0, 1)
    case "provider":
      return route.tiers.filter((tier) => "endpoints" in tier)
    case "any":
      return route.tiers
  }
}

/** When the job may turn to the next tier; null: not before this one answers. */
function degradationOf({ job, route }: Execution, { unavailableSince, waiting }: TierWait): Date | null {
  const isSaturated = unavailableSince === null && (waiting.reason === "rate_limited" || waiting.reason === "concurrency")
  const since = route.degradeOnSaturation && isSaturated ? waiting.since : unavailableSince
  const degradeAfterMs = job.options.degradeAfterMs ?? defaultDegradeAfterMs
  const at = degradeAtMs({ unavailableSinceMs: since?.getTime() ?? null, eligibleAtMs: eligibleAt(job).getTime(), degradeAfterMs })
  return at === null ? null : new Date(at)
}

interface Waits {
  readonly waits: readonly TierWait[]
  /** When the job may turn to the tier after these. */
  readonly degradeAt: Date | null
}

/**
 * Nobody can be served when every tier of the route, which has none without a provider, refuses without having been called, and
 * not because it is merely busy: then jobs come due one by one, and each must be fetched at its own time.
 */
function reportIfBlocked({ clock, observer }: DecideDependencies, execution: Execution, waits: readonly TierWait[]): void {
  const { route, job, made } = execution
  // What keeps one tenant waiting says nothing of the others, who have other keys.
  if (usesTenantKeys(execution) && waits.some(({ waiting }) => waiting.reason !== "route_paused")) return
  if (made.length > 0 || waits.length < route.tiers.length) return
  if (waits.some(({ unavailableSince, waiting }) => unavailableSince === null && waiting.reason !== "route_paused")) return
  const forMs = Math.min(...waits.map(({ notBefore }) => notBefore.getTime())) - clock().getTime()
  if (forMs > 0) observer.routeBlocked({ route: job.route, forMs })
}

function usesTenantKeys({ route, catalog, lacking }: Execution): boolean {
  const names = route.tiers.flatMap((tier) => ("endpoints" in tier ? tier.endpoints : []))
  return names.some((name) => lacking.has(name) || catalog.endpoints.get(name)?.tenantKey !== undefined)
}

/** The first looks come soon, so that a key that has just been stored is used within seconds. */
const firstKeyDelayMs = 5_000
const maxKeyDelayMs = 60_000

function waitForKey({ clock }: DecideDependencies, execution: Execution, endpoint: string): Verdict {
  const { job } = execution
  const now = clock()
  const before = job.waiting?.reason === "credential" ? job.waiting : null
  const refusals = (before?.refusals ?? 0) + 1
  const delayMs = Math.min(firstKeyDelayMs * 2 ** Math.min(refusals - 1, 10), maxKeyDelayMs)
  const until = new Date(Math.min(now.getTime() + delayMs, job.deadline.getTime()))
  const waiting: Waiting = { reason: "credential", endpoint, since: before?.since ?? now, until, refusals, hint: missingKeyHint(endpoint) }
  return handBack(execution, { notBefore: until, waiting, delayMs: 0 })
}

/** Hands the job back until the first of its tiers may be had, or until it may turn to the next one. */
function waitFor(dependencies: DecideDependencies, execution: Execution, { waits, degradeAt }: Waits): Verdict {
  const { clock } = dependencies
  reportIfBlocked(dependencies, execution, waits)
  const soonest = waits.reduce((first, wait) => (wait.notBefore < first.notBefore ? wait : first))
  const isLast = degradeAt === null || allowedTiers(execution).length === waits.length
  const notBefore = isLast || soonest.notBefore < degradeAt ? soonest.notBefore : degradeAt
  const delayMs = Math.max(0, notBefore.getTime() - clock().getTime())
  return handBack(execution, { notBefore, waiting: { ...soonest.waiting, until: notBefore }, delayMs })
}

function describeWait({ endpoint, reason }: Waiting, since: Date | null, now: Date): string {
  const seconds = since ? ` for ${Math.round((now.getTime() - since.getTime()) / 1_000)} s` : ""
  return `${endpoint ?? "the primary tier"} ${reason}${seconds}`
}
