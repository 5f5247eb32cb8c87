import { ProviderError, type ProviderErrorType, type RateLimitReport } from "@sluice/core"
import { ZodError } from "zod"
import { classifyFailure } from "../failure/classify-failure.ts"
import type { FailureReport } from "../failure/failure-report.ts"
import { inputTexts } from "../failure/input-texts.ts"
import { presentWords } from "../failure/present-words.ts"
import { wordsOfBody } from "../failure/words-of-body.ts"
import type { ResponseHeaders } from "../headers/response-headers.ts"
import { headerOf } from "../headers/response-headers.ts"
import { retryAfterMsInWords, retryAfterMsOf } from "../headers/retry-after.ts"
import { TransportError, type TransportFailure } from "../transport/transport-error.ts"
import { CallError } from "./call-error.ts"
import type { Wire, WireCall } from "./wire.ts"

/** What is known of an answer before its body is looked at. */
export interface AnswerFacts {
  readonly httpStatus: number
  readonly headers: ResponseHeaders
  readonly nowMs: number
  readonly providerRequestId: string | null
  readonly rateLimits: RateLimitReport | null
}

export interface FailedAnswer {
  readonly wire: Pick<Wire, "rules">
  readonly call: WireCall
  readonly facts: AnswerFacts
  /** What the wire's error schema made of the body; null when it made nothing of it. */
  readonly report: FailureReport | null
  readonly text: string
}

const maxCodeLength = 100

/** The error for an answer that reports a failure, by its status or inside a success. */
export function errorOfFailure({ wire, call, facts, report, text }: FailedAnswer): ProviderError {
  // Only an error in a success has no status to go by but its own.
  const inSuccess = facts.httpStatus < 300
  const status = (inSuccess ? report?.impliedStatus : null) ?? facts.httpStatus
  const codes = report?.codes ?? []
  const words = presentWords({ words: report?.words ?? wordsOfBody(text), ...wordsToHide(call) })
  const unknown = inSuccess && (report?.impliedStatus ?? null) === null
  return new ProviderError({
    type: unknown ? "malformed_response" : classifyFailure({ status, codes, words }, wire.rules),
    message: `${call.endpoint.name}: ${words === "" ? describeStatus(facts) : words}`,
    httpStatus: facts.httpStatus,
    providerCode: codes[0]?.slice(0, maxCodeLength) ?? null,
    providerRequestId: facts.providerRequestId,
    retryAfterMs: retryAfterMsOf(facts.headers, facts.nowMs) ?? report?.retryAfterMs ?? waitInWords(status, words),
    rateLimits: facts.rateLimits,
  })
}

/** A wait is believed from a message only beside a status that means waiting. */
function waitInWords(status: number, words: string): number | null {
  return status === 429 || status === 503 ? retryAfterMsInWords(words) : null
}

function describeStatus({ httpStatus, headers }: AnswerFacts): string {
  const location = headerOf(headers, "location")
  if (httpStatus >= 300 && httpStatus < 400 && location !== null) {
    return `it redirects (HTTP ${httpStatus}) to ${withoutQuery(location)}; set baseUrl to where the API is.`
  }
  return `HTTP ${httpStatus} without an explanation.`
}

function withoutQuery(url: string): string {
  return (url.split(/[?#]/)[0] ?? "").slice(0, 200)
}

const typeOfTransportFailure: Readonly<Record<TransportFailure, ProviderErrorType>> = {
  timeout: "timeout",
  network: "network",
  not_http: "malformed_response",
  too_large: "malformed_response",
}

/** The error for whatever was thrown while a call was made. `facts` is null until there is an answer. */
export function toProviderError(error: unknown, call: WireCall, facts: AnswerFacts | null): ProviderError {
  if (ProviderError.isInstance(error)) return error
  const { type, words, code, usage } = describe(error)
  return new ProviderError({
    type,
    message: `${call.endpoint.name}: ${presentWords({ words, ...wordsToHide(call) })}`,
    httpStatus: facts?.httpStatus ?? null,
    providerCode: code,
    providerRequestId: facts?.providerRequestId ?? null,
    rateLimits: facts?.rateLimits ?? null,
    usage,
    // What an adapter itself found is all in the message, and unmasked in its own.
    cause: error instanceof CallError ? undefined : error,
  })
}

type Description = { type: ProviderErrorType; words: string } & Pick<CallError, "code" | "usage">

function describe(error: unknown): Description {
  const nothing = { code: null, usage: null }
  if (error instanceof CallError) return { type: error.type, words: error.message, code: error.code, usage: error.usage }
  if (error instanceof TransportError) return { ...nothing, type: typeOfTransportFailure[error.failure], words: `${error.message}.` }
  if (error instanceof ZodError) return { ...nothing, type: "malformed_response", words: describeMismatch(error) }
  const message = error instanceof Error ? error.message : String(error)
  return { ...nothing, type: "provider_internal", words: `the request could not be made: ${message}` }
}

function describeMismatch(error: ZodError): string {
  const issue = error.issues[0]
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at /${issue.path.join("/")}`
  return `the answer does not have the expected form${where}: ${issue?.message ?? "unknown"}.`
}

function wordsToHide({ apiKey, work }: WireCall): { secrets: readonly (string | null)[]; texts: readonly string[] } {
  return { secrets: [apiKey], texts: inputTexts(work) }
}
