import {
  type Attempt,
  type AttemptStart,
  type Clock,
  defaultTimeoutMs,
  type Endpoint,
  type Provider,
  type ProviderAnswer,
  ProviderError,
  type ProviderName,
  presentAttemptStart,
  type RunningJob,
  type TierName,
  traitsOf,
} from "@sluice/core"
import { type KeyDependencies, keyForCall } from "../credentials/key-for-call.ts"
import { checkEmbeddings } from "../structure/check-embeddings.ts"
import { checkStructure, type SchemaVerdict } from "../structure/check-structure.ts"
import type { SchemaCache } from "../structure/schema-cache.ts"
import { boundAnswer, boundError } from "./bound-told.ts"
import { callCostUsd } from "./cost.ts"

export interface CallDependencies extends KeyDependencies {
  readonly clock: Clock
  readonly providerOf: (name: ProviderName) => Provider
  readonly schemas: SchemaCache
}

/** What a call is made for: a job, or a probe, which is no tenant's. */
export type CallSubject = Pick<RunningJob, "id" | "run" | "work" | "deadline"> & { readonly tenantId: string | null }

export interface CallRequest {
  readonly job: CallSubject
  readonly tier: TierName
  readonly endpoint: Endpoint
  readonly number: number
  readonly signal: AbortSignal
  readonly listener?: CallListener
}

/** Told of a call while it lasts. */
export interface CallListener {
  attemptStarted(attempt: AttemptStart): void
  /** A piece of the text: the answer is asked for as a stream. Left out: in one piece. */
  readonly wrote?: (piece: string) => void
}

/** An answer that does not satisfy the JSON Schema: it can be sent back to be repaired. */
export interface RejectedAnswer {
  readonly text: string
  readonly why: string
}

export type CallOutcome =
  | { readonly kind: "answered"; readonly attempt: Attempt; readonly answer: ProviderAnswer; readonly verdict: SchemaVerdict }
  | { readonly kind: "failed"; readonly attempt: Attempt; readonly error: ProviderError; readonly rejected: RejectedAnswer | null }
  /** The signal ended it: nothing is to be held against the endpoint. */
  | { readonly kind: "aborted"; readonly attempt: Attempt }
  /** The job's deadline ended it, before the endpoint's own time was over. */
  | { readonly kind: "out_of_time"; readonly attempt: Attempt }

/** Makes one call and writes its line of the ledger. Never rejects for what a provider does. */
export async function callEndpoint(dependencies: CallDependencies, request: CallRequest): Promise<CallOutcome> {
  const { clock } = dependencies
  const startedAt = clock()
  const entry = attemptOf(request, startedAt)
  request.listener?.attemptStarted(presentAttemptStart(entry))
  const ended = (): Attempt => ({ ...entry, durationMs: Math.max(0, clock().getTime() - startedAt.getTime()) })
  const remainingMs = Math.max(1, request.job.deadline.getTime() - startedAt.getTime())
  const isShortened = remainingMs < (request.endpoint.timeoutMs ?? defaultTimeoutMs)
  const endpoint = isShortened ? { ...request.endpoint, timeoutMs: remainingMs } : request.endpoint
  try {
    const answer = await ask(dependencies, { ...request, endpoint })
    const used = { ...ended(), httpStatus: answer.httpStatus, providerRequestId: answer.providerRequestId, usage: answer.usage }
    const images = answer.generated.kind === "image" ? answer.generated.images.length : 0
    const costUsd = callCostUsd(request.endpoint.price, answer.usage, images)
    const attempt: Attempt = { ...used, costUsd, ...(images > 0 && { images }), outcome: "succeeded" }
    const verdict = checkStructure(dependencies.schemas, request.job.work, answer.generated)
    if (verdict?.valid !== false) return { kind: "answered", attempt, answer, verdict }
    return { ...failed(attempt, structureError(request.endpoint, answer, verdict.why)), rejected: rejectedAnswer(answer, verdict.why) }
  } catch (error) {
    if (request.signal.aborted) return { kind: "aborted", attempt: { ...ended(), outcome: "cancelled" } }
    const isOutOfTime = isShortened && ProviderError.isInstance(error) && error.type === "timeout"
    if (isOutOfTime) return { kind: "out_of_time", attempt: { ...ended(), outcome: "cancelled" } }
    const costUsd = ProviderError.isInstance(error) ? callCostUsd(request.endpoint.price, error.usage) : null
    return failed({ ...ended(), costUsd }, asProviderError(request.endpoint, error))
  }
}

async function ask(dependencies: CallDependencies, request: CallRequest): Promise<ProviderAnswer> {
  const { job, endpoint } = request
  const { tenantId } = job
  const apiKey = await keyForCall(dependencies, { endpoint, tenantId })
  try {
    return await send(dependencies, request, apiKey)
  } catch (error) {
    if (apiKey === null || !ProviderError.isInstance(error) || error.type !== "provider_auth") throw error
    const renewed = await keyForCall(dependencies, { endpoint, tenantId, rejected: apiKey }).catch(() => apiKey)
    if (renewed === apiKey) throw error
    // The secret was replaced since it was read: the provider has refused the old one, and nothing speaks against the endpoint.
    return await send(dependencies, request, renewed)
  }
}

async function send(
  { providerOf }: CallDependencies,
  { job, endpoint, number, signal, listener }: CallRequest,
  apiKey: string | null,
): Promise<ProviderAnswer> {
  // Not the same for each attempt: a gateway that honours it would answer a repair with the answer to be repaired.
  const idempotencyKey = `${job.id}-${job.run}-${number}`
  const call = { endpoint, work: job.work, apiKey, signal, idempotencyKey, ...(listener?.wrote && { onDelta: listener.wrote }) }
  const answer = await providerOf(endpoint.provider).generate(call)
  checkEmbeddings(endpoint, job.work, answer)
  return boundAnswer(answer)
}

export type BegunCall = Omit<CallRequest, "job" | "signal"> & { readonly job: Pick<CallSubject, "run"> }

/** A call's line of the ledger before anything has come of it. */
export function attemptOf({ job, tier, endpoint, number }: BegunCall, startedAt: Date): Attempt {
  return {
    number,
    run: job.run,
    tier,
    endpoint: endpoint.name,
    provider: endpoint.provider,
    model: endpoint.model,
    region: endpoint.region ?? null,
    startedAt,
    durationMs: 0,
    outcome: "failed",
    errorType: null,
    httpStatus: null,
    providerRequestId: null,
    charged: false,
    delayMs: null,
    usage: null,
    costUsd: null,
    ...(endpoint.isPriceEstimated && { isCostEstimated: true }),
    batchCallId: null,
    ...(endpoint.tenantKey && { credential: "tenant" as const }),
  }
}

function failed(attempt: Attempt, error: ProviderError): Extract<CallOutcome, { kind: "failed" }> {
  const { type: errorType, httpStatus, providerRequestId } = boundError(error)
  const charged = traitsOf(errorType).charged
  return {
    kind: "failed",
    error,
    rejected: null,
    attempt: { ...attempt, outcome: "failed", errorType, httpStatus, providerRequestId, charged },
  }
}

function rejectedAnswer({ generated }: ProviderAnswer, why: string): RejectedAnswer | null {
  return generated.kind === "chat" ? { text: generated.output.text, why } : null
}

function structureError(endpoint: Endpoint, answer: ProviderAnswer, why: string): ProviderError {
  const wasCut = answer.generated.kind === "chat" && answer.generated.output.finishReason === "length"
  const message = wasCut
    ? `${endpoint.name}: the answer was cut at its token limit before the JSON was complete. Raise maxOutputTokens.`
    : `${endpoint.name}: the answer does not satisfy the JSON Schema: ${why}`
  const { httpStatus, providerRequestId, usage } = answer
  return new ProviderError({ type: wasCut ? "output_truncated" : "schema_mismatch", message, httpStatus, providerRequestId, usage })
}

/** Adapters throw nothing but `ProviderError`; should one break that promise, the job is treated as after a fault of the provider. */
function asProviderError(endpoint: Endpoint, error: unknown): ProviderError {
  if (ProviderError.isInstance(error)) return error
  const message = `${endpoint.name}: ${error instanceof Error ? error.message : String(error)}`
  return new ProviderError({ type: "provider_internal", message, cause: error })
}
