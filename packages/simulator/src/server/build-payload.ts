import type { Flavour } from "../answers/completion.ts"
import type { Answer } from "../wire/wire.ts"
import type { AnsweredCall } from "./carry-out.ts"
import type { Payload } from "./deliver.ts"
import { originOf } from "./exchange.ts"

const JSON_TYPE = "application/json"
const STREAM_TYPE = "text/event-stream; charset=utf-8"
/** Valid, and nothing that a client of any provider expects. */
const STRANGE = JSON.stringify({ status: "success", result: { value: 42 } })

/** The provider's answer, ready to be sent. */
export function buildPayload(answered: AnsweredCall, flavour: Flavour): { payload: Payload; outputTokens: number } {
  const { call, entry, exchange, number } = answered
  const answer = call.answer({
    id: `${entry.requestId.slice("req_".length)}n${number}`,
    createdSeconds: Math.floor(entry.atMs / 1000),
    origin: originOf(exchange),
    flavour,
  })
  return { payload: okPayload(answered, partsOf(answer)), outputTokens: answer.outputTokens }
}

/** A 200 with JSON that the provider never sends. */
export function wrongShape(answered: AnsweredCall): Payload {
  return okPayload(answered, [answered.call.stream ? `data: ${STRANGE}\n\n` : STRANGE])
}

/** A 200 that carries the provider's error: as its body, or after the first half of a stream. */
export function errorInOk(answered: AnsweredCall): Payload {
  const { call, wire, entry } = answered
  const error = { reason: "internal_error" } as const
  if (!call.stream) return okPayload(answered, [JSON.stringify(wire.refuse(error, entry.requestId).body)])
  const { parts } = buildPayload(answered, "plain").payload
  return okPayload(answered, [...parts.slice(0, Math.floor(parts.length / 2)), wire.errorEvent(error, entry.requestId)])
}

/** What a proxy in front of a provider says when it gets no answer from it. */
export function proxyPage(status: number, reason: string): Payload {
  const page = `<html>\r\n<head><title>${status} ${reason}</title></head>\r\n<body><h1>${status} ${reason}</h1></body>\r\n</html>\r\n`
  return { status, contentType: "text/html", headers: {}, parts: [page], stream: false }
}

function partsOf(answer: Answer): readonly string[] {
  return answer.kind === "json" ? [answer.body] : answer.events
}

function okPayload({ call, wire, entry, group, simulation }: AnsweredCall, parts: readonly string[]): Payload {
  const { requestId } = entry
  const headers = wire.headers({ requestId, limits: group?.state() ?? null, retryAfterMs: null, nowMs: simulation.now() })
  return { status: 200, contentType: call.stream ? STREAM_TYPE : JSON_TYPE, headers, parts, stream: call.stream }
}
