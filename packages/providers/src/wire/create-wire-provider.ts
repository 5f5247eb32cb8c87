import { type Endpoint, type Json, type Provider, type ProviderAnswer, type ProviderCall, ProviderError } from "@sluice/core"
import { ZodError } from "zod"
import { headerOf } from "../headers/response-headers.ts"
import type { ProviderSettings } from "../provider-settings.ts"
import type { HttpResponse } from "../transport/http-exchange.ts"
import { withDeadline } from "../transport/with-deadline.ts"
import { CallError } from "./call-error.ts"
import { limitsOf, timeoutMsOf } from "./call-limits.ts"
import { createStreamSupport, type StreamSupport } from "./stream-support.ts"
import { type AnswerFacts, errorOfFailure, type FailedAnswer, toProviderError } from "./to-provider-error.ts"
import type { AnswerStream, ConvertedAnswer, Wire, WireCall } from "./wire.ts"

/** A provider that speaks `wire`: one exchange for each call, and each failure classified where it happens. */
export function createWireProvider(wire: Wire, settings: ProviderSettings): Provider {
  const support = createStreamSupport(settings)
  return {
    supports: (kind) => wire.kinds.includes(kind),
    generate: (call) => {
      const timeoutMs = timeoutMsOf(call.endpoint)
      const onTimeout = (): Error =>
        new ProviderError({
          type: "timeout",
          message: `${call.endpoint.name}: the answer was not complete within ${timeoutMs} ms (timeoutMs).`,
        })
      return withDeadline({ signal: call.signal, timeoutMs, onTimeout }, (signal) => {
        const inOnePiece: WireCall = { ...call, limits: limitsOf(call, signal, settings), stream: null }
        const stream = support.mayStream(call.endpoint) ? streamOf(wire, call) : null
        if (!stream) return generateOnce(wire, inOnePiece, settings)
        const streamed = { ...inOnePiece, limits: { ...inOnePiece.limits, events: stream }, stream }
        return generateStreamed(wire, { streamed, inOnePiece, support, settings })
      })
    },
    close: () => settings.pool.close(),
  }
}

function streamOf(wire: Wire, call: ProviderCall): AnswerStream | null {
  return call.onDelta === undefined ? null : (wire.openStream?.(call, call.onDelta) ?? null)
}

interface StreamedCall {
  readonly streamed: WireCall
  readonly inOnePiece: WireCall
  readonly support: StreamSupport
  readonly settings: ProviderSettings
}

/** A server that refuses to stream is asked again in one piece: the job has done nothing wrong. */
async function generateStreamed(wire: Wire, { streamed, inOnePiece, support, settings }: StreamedCall): Promise<ProviderAnswer> {
  const { endpoint } = streamed
  try {
    const answer = await generateOnce(wire, streamed, settings)
    support.note(endpoint, "streamed")
    return answer
  } catch (error) {
    if (!support.mayHaveRefused(endpoint, error)) throw error
  }
  const answer = await generateOnce(wire, inOnePiece, settings)
  support.note(endpoint, "refused")
  return answer
}

async function generateOnce(wire: Wire, call: WireCall, settings: ProviderSettings): Promise<ProviderAnswer> {
  let facts: AnswerFacts | null = null
  try {
    checkCall(wire, call)
    const response = await wire.send(call)
    facts = factsOf(wire, response, settings.now())
    const { generated, model, usage } = await readAnswer(wire, call, response, facts)
    return {
      generated,
      model: model ?? call.endpoint.model,
      usage,
      providerRequestId: facts.providerRequestId,
      httpStatus: facts.httpStatus,
      rateLimits: facts.rateLimits,
    }
  } catch (error) {
    throw toProviderError(error, call, facts)
  }
}

function checkCall(wire: Wire, { work, endpoint, apiKey }: WireCall): void {
  if (!wire.kinds.includes(work.kind)) {
    throw new CallError({ type: "invalid_input", message: `the provider ${endpoint.provider} has no calls of kind ${work.kind}.` })
  }
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new CallError({
      type: "provider_auth",
      message: "the credential is empty or has characters that cannot be sent, such as a line break; check where it is read from.",
    })
  }
}

function factsOf(wire: Wire, { status, headers }: HttpResponse, nowMs: number): AnswerFacts {
  const requestIds = wire.requestIdHeaders.map((name) => headerOf(headers, name))
  return {
    httpStatus: status,
    headers,
    nowMs,
    providerRequestId: requestIds.find((id) => id !== null) ?? null,
    rateLimits: wire.readRateLimits(headers, nowMs),
  }
}

async function readAnswer(wire: Wire, call: WireCall, response: HttpResponse, facts: AnswerFacts): Promise<ConvertedAnswer> {
  const succeeded = response.status >= 200 && response.status < 300
  const raw = succeeded ? (wire.convertRaw?.(call, response) ?? null) : null
  if (raw !== null) return raw

  const text = response.body.toString("utf8")
  const body = response.isStreamed && call.stream ? call.stream.body() : parseJson(text)
  const failure = (): FailedAnswer => ({ wire, call, facts, report: body === undefined ? null : wire.readFailure(body), text })
  if (!succeeded) throw errorOfFailure(failure())
  if (body === undefined) throw new CallError({ type: "malformed_response", message: describeUnparsable(text, call.endpoint) })
  try {
    return await wire.convertResponse(call, body)
  } catch (error) {
    // What does not fit may be a failure that came inside a success.
    const failed = isMismatch(error) ? failure() : null
    throw failed === null || failed.report === null ? error : errorOfFailure(failed)
  }
}

function isMismatch(error: unknown): boolean {
  return error instanceof ZodError || (error instanceof CallError && error.type === "malformed_response")
}

/** Undefined for what is not JSON. */
function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function describeUnparsable(text: string, { baseUrl }: Endpoint): string {
  if (text.trim() === "") return "the answer is empty."
  if (/^\s*</.test(text)) return `the answer is a page, not JSON; does ${new URL(baseUrl).origin} serve this API?`
  return `the answer is not valid JSON; it is cut off or broken (${text.length} characters came).`
}
