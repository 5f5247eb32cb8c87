import {
  type Attempt,
  type BlobStore,
  type Clock,
  type Ending,
  type HandBack,
  type JobError,
  type JobResult,
  newEventId,
  type RunningJob,
  type StoredOutput,
  type TierName,
} from "@sluice/core"
import type { AnswerCache } from "../cache/answer-cache.ts"
import type { CacheHit } from "../cache/answer-cache-context.ts"
import { sharedAnswerOf } from "../cache/shared-answer.ts"
import type { TierAnswer } from "../tiers/tier-answers.ts"
import type { TierOutcome } from "./ask-tier.ts"
import { requestedModel } from "./candidates.ts"
import { costOf } from "./cost.ts"
import { attemptsOfRun, type Execution } from "./execution.ts"
import type { ExecutionObserver } from "./execution-observer.ts"
import { type PersistOptions, persist } from "./persist.ts"
import { provenanceOf, provenanceOfHit, provenanceOfTier } from "./provenance.ts"
import { ownerOf, storeOutput, storeValue } from "./store-output.ts"

export interface VerdictDependencies {
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly observer: ExecutionObserver
  readonly answers: Pick<AnswerCache, "remember">
}

/** What an execution decided; one atomic write makes it true. */
export type Verdict = { readonly kind: "end"; readonly ending: Ending } | ({ readonly kind: "hand_back" } & Omit<HandBack, "enqueueDueAt">)

/** The wait that this execution decided stands in the ledger with its last call. */
export function handBack(
  { made }: Execution,
  { delayMs, ...back }: Pick<HandBack, "notBefore" | "waiting"> & { delayMs: number },
): Verdict {
  const attempts = made.map((attempt, index) => ({ ...attempt, delayMs: index === made.length - 1 ? delayMs : 0 }))
  return { kind: "hand_back", ...back, attempts }
}

type Unsuccessful = { readonly status: "failed" | "expired"; readonly attempts: readonly Attempt[]; readonly error: JobError }

export function ended({ clock }: Pick<VerdictDependencies, "clock">, { status, attempts, error }: Unsuccessful): Verdict {
  const at = clock()
  return { kind: "end", ending: { status, attempts, error, at, eventId: newEventId({ at }) } }
}

export interface ProviderSuccess {
  readonly outcome: Extract<TierOutcome, { kind: "answered" }>
  readonly degradedReason: string | null
}

/** A provider's answer, which is also kept for others where the route says so. */
export async function succeedByProvider(
  dependencies: VerdictDependencies,
  execution: Execution,
  success: ProviderSuccess,
): Promise<Verdict> {
  const { job, route, signal } = execution
  const { attempt, answer, verdict, repairs } = success.outcome
  const { degradedReason } = success
  const provenance = provenanceOf({
    attempt,
    model: answer.model,
    requestedModel: requestedModel(execution),
    verdict,
    repairs,
    degradedReason,
  })
  const shared = sharedAnswerOf(answer.generated, provenance, dependencies.clock())
  if (shared) execution.share(shared)
  const output = await stored(dependencies, execution, () => storeOutput(dependencies.blobs, ownerOf(job), answer.generated))
  await dependencies.answers.remember({ job, route, signal, generated: answer.generated, provenance })
  return succeeded(dependencies, execution, { output, provenance, usage: answer.usage })
}

/** A kept answer that is as good as a new one. */
export async function succeedByCache(dependencies: VerdictDependencies, execution: Execution, hit: CacheHit): Promise<Verdict> {
  const output = await stored(dependencies, execution, () => storeValue(dependencies.blobs, ownerOf(execution.job), hit.output.output))
  return succeeded(dependencies, execution, { output, provenance: provenanceOfHit(hit, requestedModel(execution)), usage: null })
}

export interface TierSuccess {
  readonly tier: TierName
  readonly answer: TierAnswer
  readonly degradedReason: string
}

/** What a tier without providers had to say. */
export async function succeedByTier(dependencies: VerdictDependencies, execution: Execution, success: TierSuccess): Promise<Verdict> {
  const output = await stored(dependencies, execution, () =>
    storeValue(dependencies.blobs, ownerOf(execution.job), success.answer.output.output),
  )
  const provenance = provenanceOfTier({ ...success, requestedModel: requestedModel(execution) })
  return succeeded(dependencies, execution, { output, provenance, usage: null })
}

function stored(dependencies: VerdictDependencies, { job, signal }: Execution, store: () => Promise<StoredOutput>): Promise<StoredOutput> {
  return persist(store, persistOptions(dependencies, job, signal))
}

function succeeded({ clock }: VerdictDependencies, execution: Execution, served: Omit<JobResult, "cost">): Verdict {
  const at = clock()
  const result = { ...served, cost: costOf(attemptsOfRun(execution)) }
  return { kind: "end", ending: { status: "succeeded", at, eventId: newEventId({ at }), attempts: execution.made, result } }
}

export function persistOptions({ observer }: Pick<VerdictDependencies, "observer">, job: RunningJob, signal: AbortSignal): PersistOptions {
  return { signal, onDelay: (error) => observer.writeDelayed({ jobId: job.id, error }) }
}
