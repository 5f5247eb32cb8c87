import type { IncomingHttpHeaders } from "node:http"
import type { RequestEntry } from "../control/request-log.ts"
import type { Settings } from "../settings/settings.ts"
import { accepted, type Checked, refused } from "../wire/refusal.ts"
import type { AcceptedCall, RequestTarget, Wire } from "../wire/wire.ts"
import type { Body } from "./read-body.ts"

/** What a request is that passed the provider's checks. */
export interface CheckedCall {
  readonly call: AcceptedCall
  readonly key: string
  /** The prompt has words that the content filter acts on. */
  readonly filtered: boolean
}

interface Arrival {
  readonly wire: Wire
  readonly target: RequestTarget
  readonly headers: IncomingHttpHeaders
  readonly body: Exclude<Body, { kind: "aborted" }>
  readonly settings: Settings
  readonly entry: RequestEntry
}

/** The largest body that any of the providers takes. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024

/** Checks a request as the provider would, and notes in its entry what is learned on the way. */
export function checkCall({ wire, target, headers, body, settings, entry }: Arrival): Checked<CheckedCall> {
  const key = wire.authenticate(headers, settings.apiKeys)
  if (!key.ok) return key
  const operation = wire.route(target)
  if (!operation.ok) return operation
  entry.operation = operation.value.name
  const parsed = target.method === "GET" ? accepted(undefined) : parseBody(body)
  if (!parsed.ok) return parsed
  if (settings.log.bodies) entry.body = parsed.value
  const call = operation.value.accept({ body: parsed.value, answers: settings.answers, models: settings.models })
  if (!call.ok) return call
  entry.model = call.value.model
  entry.stream = call.value.stream
  return checkContent(call.value, key.value, settings)
}

function parseBody(body: Arrival["body"]): Checked<unknown> {
  if (body.kind === "too_large") return refused({ reason: "body_too_large", maxBytes: MAX_BODY_BYTES })
  try {
    return accepted(JSON.parse(body.text))
  } catch {
    return refused({ reason: "malformed_json" })
  }
}

function checkContent(call: AcceptedCall, key: string, { models, contextTokens, contentFilterWords }: Settings): Checked<CheckedCall> {
  const { model, promptTokens } = call
  if (model !== null && models !== null && !models.includes(model)) return refused({ reason: "unknown_model", model })
  if (contextTokens !== null && promptTokens > contextTokens)
    return refused({ reason: "context_length", tokens: promptTokens, contextTokens })
  const filtered = contentFilterWords.length > 0 && containsAny(call.promptText, contentFilterWords)
  if (filtered && call.onFilteredPrompt === "refuse") return refused({ reason: "content_filter" })
  return accepted({ call, key, filtered })
}

function containsAny(text: string, words: readonly string[]): boolean {
  const lowerCase = text.toLowerCase()
  return words.some((word) => lowerCase.includes(word.toLowerCase()))
}
