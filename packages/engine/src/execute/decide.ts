import {
  type Attempt,
  type BlobStore,
  type Ending,
  type HandBack,
  type JobError,
  newEventId,
  type RunningJob,
  type Waiting,
} from "@sluice/core"
import { degradeAtMs } from "@sluice/resilience"
import { askTier, type TierDependencies, type TierOutcome, type TierWait } from "./ask-tier.ts"
import { type ProviderTier, requestedModel } from "./candidates.ts"
import { totalCost } from "./cost.ts"
import { attemptsOfRun, type Execution, eligibleAt, isPastDeadline } from "./execution.ts"
import { expiryAfter, noCapableEndpoint } from "./job-errors.ts"
import { type PersistOptions, persist } from "./persist.ts"
import { provenanceOf } from "./provenance.ts"
import { storeOutput } from "./store-output.ts"

export interface DecideDependencies extends TierDependencies {
  readonly blobs: BlobStore
}

/** What an execution decided; one atomic write makes it true. */
export type Verdict = { readonly kind: "end"; readonly ending: Ending } | ({ readonly kind: "hand_back" } & HandBack)

/** How long a tier has to be unavailable before a job turns to the next, when neither the caller nor the route says. */
const defaultDegradeAfterMs = 30_000

/**
 * Takes a job through its route's tiers in order. A tier that can only be waited for is waited for, until the clock of
 * degradation says that the next one may be tried; one that will not serve the job is passed at once.
 */
export async function decide(dependencies: DecideDependencies, execution: Execution): Promise<Verdict> {
  const { job, made } = execution
  const { clock } = dependencies
  if (isPastDeadline(execution, clock)) return ended(dependencies, { status: "expired", attempts: [], error: expiryAfter(job, clock()) })
  const waits: TierWait[] = []
  const errors: JobError[] = []
  let degradedReason: string | null = null
  for (const tier of allowedTiers(execution)) {
    const outcome = await askTier(dependencies, execution, tier)
    switch (outcome.kind) {
      case "answered":
        return await succeed(dependencies, execution, { outcome, degradedReason })
      case "interrupted":
        return handBack(execution, { notBefore: null, waiting: null, delayMs: 0 })
      case "end":
        return ended(dependencies, { ...outcome, attempts: made })
      case "give_up":
        errors.push(outcome.error)
        degradedReason ??= outcome.error.message
        continue
      case "wait": {
        waits.push(outcome)
        const at = degradationOf(execution, outcome)
        if (at === null || at > clock()) return waitFor(dependencies, execution, { waits, degradeAt: at })
        degradedReason ??= describeWait(outcome.waiting, outcome.unavailableSince, clock())
      }
    }
  }
  if (waits.length > 0) return waitFor(dependencies, execution, { waits, degradeAt: null })
  return ended(dependencies, { status: "failed", attempts: made, error: errors[0] ?? noCapableEndpoint(job) })
}

function allowedTiers({ route, job }: Execution): readonly ProviderTier[] {
  const tiers = route.tiers.filter((tier) => "endpoints" in tier)
  return job.options.fallback === "none" ? tiers.slice(0, 1) : tiers
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

/** Hands the job back until the first of its tiers may be had, or until it may turn to the next one. */
function waitFor({ clock }: DecideDependencies, execution: Execution, { waits, degradeAt }: Waits): Verdict {
  const soonest = waits.reduce((first, wait) => (wait.notBefore < first.notBefore ? wait : first))
  const isLast = degradeAt === null || allowedTiers(execution).length === waits.length
  const notBefore = isLast || soonest.notBefore < degradeAt ? soonest.notBefore : degradeAt
  const delayMs = Math.max(0, notBefore.getTime() - clock().getTime())
  return handBack(execution, { notBefore, waiting: { ...soonest.waiting, until: notBefore }, delayMs })
}

/** The wait that this execution decided stands in the ledger with its last call. */
function handBack({ made }: Execution, { delayMs, ...back }: Pick<HandBack, "notBefore" | "waiting"> & { delayMs: number }): Verdict {
  const attempts = made.map((attempt, index) => ({ ...attempt, delayMs: index === made.length - 1 ? delayMs : 0 }))
  return { kind: "hand_back", ...back, attempts }
}

function describeWait({ endpoint, reason }: Waiting, since: Date | null, now: Date): string {
  const seconds = since ? ` for ${Math.round((now.getTime() - since.getTime()) / 1_000)} s` : ""
  return `${endpoint ?? "the primary tier"} ${reason}${seconds}`
}

interface Success {
  readonly outcome: Extract<TierOutcome, { kind: "answered" }>
  readonly degradedReason: string | null
}

async function succeed(dependencies: DecideDependencies, execution: Execution, { outcome, degradedReason }: Success): Promise<Verdict> {
  const { job, made, signal } = execution
  const { attempt, answer, verdict } = outcome
  const output = await persist(() => storeOutput(dependencies.blobs, job, answer.generated), persistOptions(dependencies, job, signal))
  const provenance = provenanceOf({ attempt, model: answer.model, requestedModel: requestedModel(execution), verdict, degradedReason })
  const result = { output, provenance, usage: answer.usage, cost: totalCost(attemptsOfRun(execution)) }
  const at = dependencies.clock()
  return { kind: "end", ending: { status: "succeeded", at, eventId: newEventId({ at }), attempts: made, result } }
}

export function persistOptions({ observer }: Pick<DecideDependencies, "observer">, job: RunningJob, signal: AbortSignal): PersistOptions {
  return { signal, onDelay: (error) => observer.writeDelayed({ jobId: job.id, error }) }
}

type Unsuccessful = { readonly status: "failed" | "expired"; readonly attempts: readonly Attempt[]; readonly error: JobError }

function ended({ clock }: Pick<DecideDependencies, "clock">, { status, attempts, error }: Unsuccessful): Verdict {
  const at = clock()
  return { kind: "end", ending: { status, attempts, error, at, eventId: newEventId({ at }) } }
}
