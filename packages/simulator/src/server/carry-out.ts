import type { Flavour } from "../answers/completion.ts"
import type { RequestEntry } from "../control/request-log.ts"
import type { Outcome } from "../faults/outcome.ts"
import { seededFraction } from "../faults/seeded-fraction.ts"
import type { LimitGroup } from "../limits/limit-groups.ts"
import type { Refusal } from "../wire/refusal.ts"
import type { AcceptedCall, Wire } from "../wire/wire.ts"
import { buildPayload, errorInOk, proxyPage, wrongShape } from "./build-payload.ts"
import { closeConnection, halfOf, type Payload, resetConnection, sendHalf, sendWhole } from "./deliver.ts"
import type { Exchange } from "./exchange.ts"
import { sendRefusal } from "./send-refusal.ts"
import type { ServerEffects } from "./server-effects.ts"
import type { Simulation } from "./simulation.ts"
import { waitUntilGone, waitWhileOpen } from "./wait.ts"

/** A call whose outcome is decided. */
export interface AnsweredCall {
  readonly simulation: Simulation
  readonly exchange: Exchange
  readonly effects: ServerEffects
  readonly wire: Wire
  readonly entry: RequestEntry
  readonly call: AcceptedCall
  readonly number: number
  readonly outcome: Outcome
  /** The content filter withholds the answer. */
  readonly filtered: boolean
  readonly group: LimitGroup | null
}

/** Makes the outcome of a call happen. Resolves when the simulator is done with it. */
export function carryOut(answered: AnsweredCall): Promise<void> {
  const { exchange, outcome, effects } = answered
  switch (outcome.kind) {
    case "ok":
    case "slow":
    case "content_filter":
    case "length":
    case "schema_violation":
    case "not_json":
      return deliver(answered, outcome.kind, "whole")
    case "cut_json":
    case "cut_body":
    case "reset_in_body":
    case "stall":
      return deliver(answered, "ok", outcome.kind)
    case "wrong_shape":
      return send(answered, wrongShape(answered))
    case "error_in_ok":
      return send(answered, errorInOk(answered))
    case "rate_limited":
    case "rate_limited_without_hint":
      return refuse(answered, { reason: "rate_limited", model: answered.call.model ?? "", limit: null })
    case "unauthorized":
      return refuse(answered, { reason: "wrong_key", key: "revoked" })
    case "quota":
    case "internal_error":
    case "unavailable":
    case "overloaded":
    case "forbidden":
      return refuse(answered, { reason: outcome.kind })
    case "bad_gateway":
      return send(answered, proxyPage(502, "Bad Gateway"))
    case "gateway_timeout":
      return send(answered, proxyPage(504, "Gateway Time-out"))
    case "hang":
      return waitUntilGone(exchange)
    case "reset":
      resetConnection(exchange)
      return Promise.resolve()
    case "refuse":
      resetConnection(exchange)
      effects.refuseConnections(outcome.refuseMs)
      return Promise.resolve()
  }
}

type AnswerKind = "ok" | "slow" | Exclude<Flavour, "plain">
type Manner = "whole" | "cut_json" | "cut_body" | "reset_in_body" | "stall"

async function deliver(answered: AnsweredCall, kind: AnswerKind, manner: Manner): Promise<void> {
  const { exchange, entry, outcome, call } = answered
  const flavour = kind === "ok" || kind === "slow" ? "plain" : kind
  const { payload, outputTokens } = buildPayload(answered, answered.filtered ? "content_filter" : flavour)
  if (!(await waitForAnswer(answered, outputTokens, kind === "slow" ? outcome.slowMs : 0))) return
  entry.promptTokens = call.promptTokens
  entry.outputTokens = outputTokens
  switch (manner) {
    case "whole":
      return sendWhole(exchange, payload, answered.simulation.settings().latency)
    case "cut_json":
      return sendWhole(exchange, halfOf(payload), { chunkMs: 0 })
    case "cut_body":
      await sendHalf(exchange, payload)
      return closeConnection(exchange)
    case "reset_in_body":
      await sendHalf(exchange, payload)
      return resetConnection(exchange)
    case "stall":
      await sendHalf(exchange, payload)
      return waitUntilGone(exchange)
  }
}

async function send(answered: AnsweredCall, payload: Payload): Promise<void> {
  if (await waitForAnswer(answered, 0, 0)) await sendWhole(answered.exchange, payload, { chunkMs: 0 })
}

async function refuse(answered: AnsweredCall, refusal: Refusal): Promise<void> {
  const { simulation, group, number, outcome, exchange } = answered
  const { baseMs, jitterMs } = simulation.settings().latency
  if (!(await waitWhileOpen(exchange, baseMs + jitterMs * jitterOf(simulation, number)))) return
  await sendRefusal({ ...answered, refusal, limits: group?.state() ?? null, retryAfterMs: outcome.retryAfterMs })
}

/** Waits as long as the model would think; false if the client did not. */
function waitForAnswer({ simulation, exchange, call, number }: AnsweredCall, outputTokens: number, extraMs: number): Promise<boolean> {
  const { baseMs, jitterMs, perOutputTokenMs, firstChunkMs } = simulation.settings().latency
  const wholeMs = baseMs + perOutputTokenMs * outputTokens
  const thinkingMs = call.stream ? (firstChunkMs ?? wholeMs) : wholeMs
  return waitWhileOpen(exchange, thinkingMs + extraMs + jitterMs * jitterOf(simulation, number))
}

function jitterOf(simulation: Simulation, number: number): number {
  return seededFraction(simulation.settings().seed, number, "jitter")
}
