import type { FateSource, RequestEntry, RequestFate } from "../control/request-log.ts"
import type { LimitGroup } from "../limits/limit-groups.ts"
import type { Refusal } from "../wire/refusal.ts"
import { type AnsweredCall, carryOut } from "./carry-out.ts"
import { type CheckedCall, checkCall, MAX_BODY_BYTES } from "./check-call.ts"
import type { Exchange } from "./exchange.ts"
import { findWire } from "./find-wire.ts"
import { openEntry } from "./open-entry.ts"
import { readBody } from "./read-body.ts"
import { sendRefusal } from "./send-refusal.ts"
import type { ServerEffects } from "./server-effects.ts"
import type { Simulation } from "./simulation.ts"

/** Charged for the output of a call that sets no limit of its own. */
const UNBOUNDED_OUTPUT_TOKENS = 16

/** Serves one call of a provider's API from its arrival to its end. */
export async function handleCall(simulation: Simulation, exchange: Exchange, effects: ServerEffects): Promise<void> {
  const { request, target } = exchange
  const wire = findWire(target.path)
  const entry = openEntry(simulation, exchange, wire.name)
  const body = await readBody(request, MAX_BODY_BYTES)
  if (body.kind === "aborted") return
  const settings = simulation.settings()
  const checked = checkCall({ wire, target, headers: request.headers, body, settings, entry })
  if (checked.ok) {
    await decide({ simulation, exchange, wire, entry, effects }, checked.value)
  } else {
    setFate(entry, "rejected", "checks")
    await sendRefusal({ simulation, exchange, wire, entry, refusal: checked.refusal, limits: null, retryAfterMs: null })
  }
}

type Serving = Pick<AnsweredCall, "simulation" | "exchange" | "wire" | "entry" | "effects">

/** What stops a call, in this order: an outage, a limit, the script, the schedule. Each call takes a number, stopped or not. */
async function decide(serving: Serving, { call, key, filtered }: CheckedCall): Promise<void> {
  const { simulation, entry } = serving
  const number = simulation.nextNumber()
  entry.number = number
  if (simulation.outage()?.mode === "unavailable") {
    setFate(entry, "unavailable", "outage")
    return refuse(serving, { reason: "unavailable" })
  }
  const group = call.model === null ? null : simulation.limitGroups({ key, model: call.model })
  const chargedTokens = call.promptTokens + (call.maxOutputTokens ?? UNBOUNDED_OUTPUT_TOKENS)
  const limit = group?.admit(chargedTokens) ?? null
  if (limit !== null) {
    setFate(entry, "limited", "limits")
    return refuse(serving, { reason: "rate_limited", model: call.model ?? "", limit }, { group, retryAfterMs: limit.waitMs })
  }
  const { outcome, source } = simulation.nextOutcome(number)
  setFate(entry, outcome.kind, source)
  await carryOut({ ...serving, call, number, outcome, filtered, group })
  group?.settle({ chargedTokens, usedTokens: entry.promptTokens + entry.outputTokens })
}

function refuse(serving: Serving, refusal: Refusal, limited?: { group: LimitGroup | null; retryAfterMs: number | null }): Promise<void> {
  return sendRefusal({ ...serving, refusal, limits: limited?.group?.state() ?? null, retryAfterMs: limited?.retryAfterMs ?? null })
}

function setFate(entry: RequestEntry, fate: RequestFate, source: FateSource): void {
  entry.fate = fate
  entry.source = source
}
