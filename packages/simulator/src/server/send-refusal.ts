import type { RequestEntry } from "../control/request-log.ts"
import type { LimitState } from "../limits/limit-groups.ts"
import type { Refusal } from "../wire/refusal.ts"
import type { Wire } from "../wire/wire.ts"
import { sendWhole } from "./deliver.ts"
import type { Exchange } from "./exchange.ts"
import type { Simulation } from "./simulation.ts"

interface RefusedCall {
  readonly simulation: Simulation
  readonly exchange: Exchange
  readonly wire: Wire
  readonly entry: RequestEntry
  readonly refusal: Refusal
  readonly limits: LimitState | null
  readonly retryAfterMs: number | null
}

/** Answers with the provider's error. */
export function sendRefusal({ simulation, exchange, wire, entry, refusal, limits, retryAfterMs }: RefusedCall): Promise<void> {
  const { requestId } = entry
  const { status, body } = wire.refuse(refusal, requestId)
  const headers = wire.headers({ requestId, limits, retryAfterMs, nowMs: simulation.now() })
  const payload = { status, contentType: "application/json", headers, parts: [JSON.stringify(body)], stream: false }
  return sendWhole(exchange, payload, { chunkMs: 0 })
}
