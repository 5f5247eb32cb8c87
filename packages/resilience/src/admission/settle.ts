import { type Breaker, isMostlyGood, recordCall } from "../breaker/breaker.ts"
import { mayEject } from "../breaker/ejection.ts"
import { cutCap, growCap } from "../concurrency/concurrency-cap.ts"
import { disableCredential, probeCredential } from "../credential/credential.ts"
import { giveStartBack } from "../limiter/group.ts"
import { settleGroup } from "../limiter/settle-group.ts"
import { configure } from "./groups.ts"
import { type EndpointRecord, liveLeases, noteLatency, type Records, setBreaker } from "./records.ts"
import type { BreakerName, ModelReleaseRequest, ModelRenewal, ModelSettleOutcome, ModelSettleRequest } from "./types.ts"

export interface SettleDependencies {
  readonly records: Records
  readonly nowMs: number
}

/** What an endpoint's breaker amounts to, an operator's word included. */
export function shownBreaker({ forced, breaker }: EndpointRecord): BreakerName {
  return forced ?? breaker.state.kind
}

/** Gives back a call's place and takes in what it says about its endpoint, its allowance and its credential. */
export function settle({ records, nowMs }: SettleDependencies, request: ModelSettleRequest): ModelSettleOutcome {
  const { endpoint, lease } = request
  const record = records.endpoint(endpoint.name)
  const before = shownBreaker(record)
  const wasKnown = record.leases.delete(lease)
  const isFresh = request.generation === String(record.breaker.generation)
  const wasGood = isMostlyGood(record.breaker, endpoint.breaker, nowMs)
  if (wasKnown) {
    record.probes.delete(lease)
    records.route(request.route).retries.delete(lease)
    configure(records, endpoint, { version: request.version, nowMs })
    records.setGroup(endpoint.limitGroup, settleGroup(records.group(endpoint.limitGroup, nowMs), request, nowMs))
    settleCredential(records, request, nowMs)
    settleCap(record, request, nowMs)
    if (request.outcome === "success") noteLatency(record, request.latencyMs, nowMs)
    if (isFresh && request.outcome !== "ignore") setBreaker(record, breakerAfter(records, record, request, nowMs), { by: null, nowMs })
  }
  const breaker = shownBreaker(record)
  const isClosed = breaker === "closed" || (endpoint.breaker === null && record.forced === null)
  return { applied: wasKnown, healthy: isFresh && isClosed && wasGood, breaker, changed: breaker !== before }
}

function settleCredential(
  records: Records,
  { endpoint, lease, disable, outcome, throttled, retryAfterMs }: ModelSettleRequest,
  nowMs: number,
): void {
  const state = records.credentials.get(endpoint.credential) ?? null
  if (disable !== null) {
    records.credentials.set(endpoint.credential, disableCredential(state, { reason: disable, lease, retryAfterMs, nowMs }))
    return
  }
  if (state === null) return
  const probed = probeCredential(state, { lease, isAccepted: outcome === "success" || throttled })
  if (probed === null) records.credentials.delete(endpoint.credential)
  else records.credentials.set(endpoint.credential, probed)
}

function settleCap(record: EndpointRecord, { throttled, outcome, latencyMs }: ModelSettleRequest, nowMs: number): void {
  const configured = record.concurrency.calls
  if (throttled) record.cap = cutCap(record.cap, { configured, startedAtMs: nowMs - latencyMs, nowMs })
  else if (outcome === "success") record.cap = growCap(record.cap, { configured, inFlight: liveLeases(record.leases, nowMs) + 1 })
}

function breakerAfter(records: Records, record: EndpointRecord, request: ModelSettleRequest, nowMs: number): Breaker {
  const { endpoint, pool, outcome, latencyMs } = request
  const othersEjected = (): number => pool.filter((name) => name !== endpoint.name && isEjected(records.endpoint(name))).length
  return recordCall(record.breaker, endpoint.breaker, {
    isFailure: outcome === "failure",
    latencyMs,
    nowMs,
    mayTrip: ({ isDead }) => record.forced === null && mayEject({ poolSize: pool.length, othersEjected: othersEjected(), isDead }),
  })
}

function isEjected(record: EndpointRecord): boolean {
  return shownBreaker(record) !== "closed"
}

/** Gives back a booking or an admission that will not be used. */
export function release({ records, nowMs }: SettleDependencies, request: ModelReleaseRequest): void {
  const { lease, route, endpoint, tokensReserved } = request
  const record = records.endpoint(endpoint.name)
  const wasAdmitted = record.leases.delete(lease)
  record.probes.delete(lease)
  record.reservations.delete(lease)
  records.route(route).retries.delete(lease)
  const credential = records.credentials.get(endpoint.credential)
  if (credential !== undefined && credential.probe?.lease === lease)
    records.credentials.set(endpoint.credential, { ...credential, probe: null })
  const booking = records.booking(lease, nowMs)
  records.setBooking(lease, null)
  const group = booking?.group ?? (wasAdmitted ? endpoint.limitGroup : null)
  if (group !== null) records.setGroup(group, giveStartBack(records.group(group, nowMs), tokensReserved))
}

/** Prolongs the leases of calls that take long; those that were settled already stay so. */
export function renew({ records, nowMs }: SettleDependencies, renewals: readonly ModelRenewal[]): void {
  for (const { lease, route, endpoint, leaseMs } of renewals) {
    const { leases, probes } = records.endpoint(endpoint)
    for (const each of [leases, probes, records.route(route).retries]) if (each.has(lease)) each.set(lease, nowMs + leaseMs)
  }
}
