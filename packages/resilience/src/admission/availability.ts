import { callsAllowed } from "../concurrency/concurrency-cap.ts"
import type { DisabledCredential } from "../credential/credential.ts"
import { bookingWaitMs, type Group, groupWaitMs, hasRoomNow, startGapMs } from "../limiter/group.ts"
import { timeInLine, type WaitingLine } from "../limiter/waiting-line.ts"
import type { Candidate } from "../pool/choose-candidate.ts"
import { type Booking, type EndpointRecord, liveLeases, presentLatencyMs } from "./records.ts"
import type { ModelAdmitRequest, ModelEndpoint, ModelRefusalReason } from "./types.ts"

/** An endpoint of the pool with all that is known of it. */
export interface PoolMember {
  readonly endpoint: ModelEndpoint
  readonly record: EndpointRecord
  readonly group: Group
  readonly credential: DisabledCredential | null
}

export interface Startable extends Candidate {
  readonly kind: "startable"
  readonly member: PoolMember
  /** Its allowance was booked before. */
  readonly hasBooking: boolean
  readonly isCredentialProbe: boolean
}

export interface Blocked {
  readonly kind: "blocked"
  readonly member: PoolMember
  readonly reason: ModelRefusalReason
  /** When the caller would be told to come back, its place in the line included. */
  readonly timeMs: number
  readonly gapMs: number
  readonly line: "endpoint" | "group" | "reserved"
  /** What the allowance alone would make the caller wait; null: it is blocked for another reason. */
  readonly waitMs: number | null
  readonly hasBooking: boolean
}

export interface AvailabilityContext {
  readonly request: ModelAdmitRequest
  readonly booking: Booking | null
  readonly horizonMs: number
  readonly nowMs: number
}

/** Between two callers who wait for an endpoint to come back. */
const returnGapMs = 10
/** When to ask again while probes are under way, or for as long as an operator wants. */
const probeWaitMs = 1_000
const forcedWaitMs = 10_000
const unknownLatencyMs = 500
const maxConcurrencyGapMs = 5_000
const asksPerPlace = 2
/** From so many refusals on a caller is served in turn instead of by chance. */
export const refusalsForReservation = 3
/** Callers who come later than this for their booking could be many who start in one burst. */
const bookingLateMs = 1_000

type Block = Pick<Blocked, "reason" | "gapMs" | "line"> & { readonly earliestMs: number }

function outOfService(member: PoolMember, reason: ModelRefusalReason, earliestMs: number, tokens: number): Block {
  return { reason, earliestMs, gapMs: Math.max(returnGapMs, startGapMs(member.group, tokens)), line: "endpoint" }
}

/** Whether the credential keeps the call away, or would be probed by it. */
function credentialBlock(member: PoolMember, { request, nowMs }: AvailabilityContext): Block | "probe" | null {
  const { credential } = member
  if (credential === null) return null
  if (nowMs < credential.untilMs) return outOfService(member, credential.reason, credential.untilMs, request.tokens)
  const { probe } = credential
  const isProbed = probe !== null && probe.lease !== request.lease && probe.untilMs > nowMs
  return isProbed ? outOfService(member, credential.reason, nowMs + probeWaitMs, request.tokens) : "probe"
}

/** Whether the breaker keeps the call away, or lets it through as a probe. */
function breakerBlock(member: PoolMember, { request, nowMs }: AvailabilityContext): Block | "probe" | null {
  const { endpoint, record } = member
  const { state } = record.breaker
  if (endpoint.breaker === null || record.forced === "closed" || state.kind === "closed") return null
  if (state.kind === "open") {
    return nowMs < state.untilMs ? outOfService(member, "breaker_open", state.untilMs, request.tokens) : "probe"
  }
  const free = endpoint.breaker.probes - state.successes - state.failures - liveLeases(record.probes, nowMs)
  return free > 0 ? "probe" : outOfService(member, "breaker_open", nowMs + probeWaitMs, request.tokens)
}

/** How many may be called at once: null any number. */
export function capOf(record: EndpointRecord): number | null {
  return callsAllowed(record.cap, record.concurrency.calls)
}

/** Reservations of others that keep a place from this caller; one's own lets it pass them. */
export function reservedForOthers(record: EndpointRecord, lease: string, nowMs: number): number {
  const own = record.reservations.get(lease)
  return own !== undefined && own > nowMs ? 0 : liveLeases(record.reservations, nowMs)
}

/**
 * Places become free at the rate at which calls end (Little's law); callers come back twice as often, so that a free place
 * does not wait long. Who has a reservation stands in no line: it asks at that rate until it is served.
 */
function concurrencyBlock({ record }: PoolMember, { request, nowMs }: AvailabilityContext): Block | null {
  const cap = capOf(record)
  if (cap === null) return null
  if (cap - liveLeases(record.leases, nowMs) > reservedForOthers(record, request.lease, nowMs)) return null
  const gapMs = Math.min(maxConcurrencyGapMs, Math.max(1, (record.latency?.ms ?? unknownLatencyMs) / cap / asksPerPlace))
  const line = mayReserve(record, request, nowMs) ? "reserved" : "endpoint"
  return { reason: "concurrency", earliestMs: nowMs + gapMs, gapMs, line }
}

/** Whether the caller has the next free place reserved, or is to have it: one who was refused often. Never more than there are places. */
function mayReserve(record: EndpointRecord, { lease, refusals }: ModelAdmitRequest, nowMs: number): boolean {
  const own = record.reservations.get(lease)
  if (own !== undefined && own > nowMs) return true
  return refusals >= refusalsForReservation && liveLeases(record.reservations, nowMs) < (capOf(record) ?? 0)
}

export function lineOf({ group, record }: PoolMember, line: Blocked["line"]): WaitingLine {
  if (line === "group") return group.line
  return line === "reserved" ? record.reservedLine : record.line
}

function blocked(member: PoolMember, { earliestMs, ...block }: Block, own: Pick<Blocked, "waitMs" | "hasBooking">): Blocked {
  return { kind: "blocked", member, ...block, ...own, timeMs: timeInLine(lineOf(member, block.line), earliestMs) }
}

/** Late ones start as soon as the starts of the last seconds leave room. */
function lateBlock({ group }: PoolMember, { request, booking, nowMs }: AvailabilityContext): Block | null {
  if (booking === null || nowMs <= booking.atMs + bookingLateMs || hasRoomNow(group, nowMs)) return null
  const gapMs = startGapMs(group, request.tokens)
  return { reason: "rate_limited", earliestMs: nowMs + gapMs, gapMs, line: "group" }
}

const notForAllowance = { waitMs: null, hasBooking: false }

/** Whether the endpoint can take the call within the horizon; if not, why, and when it is worth asking again. */
export function availabilityOf(member: PoolMember, context: AvailabilityContext): Startable | Blocked {
  const { endpoint, record, group } = member
  const { request, booking, horizonMs, nowMs } = context
  if (record.forced === "open") {
    return blocked(member, outOfService(member, "breaker_open", nowMs + forcedWaitMs, request.tokens), notForAllowance)
  }
  const byCredential = credentialBlock(member, context)
  if (byCredential !== null && byCredential !== "probe") return blocked(member, byCredential, notForAllowance)
  const byBreaker = breakerBlock(member, context)
  if (byBreaker !== null && byBreaker !== "probe") return blocked(member, byBreaker, notForAllowance)
  const byConcurrency = concurrencyBlock(member, context)
  if (byConcurrency !== null) return blocked(member, byConcurrency, notForAllowance)

  const hasBooking = booking?.group === endpoint.limitGroup
  const byLateness = hasBooking ? lateBlock(member, context) : null
  if (byLateness !== null) return blocked(member, byLateness, notForAllowance)
  const waitMs = hasBooking ? bookingWaitMs(group, booking.bookedBefore, nowMs) : groupWaitMs(group, nowMs)
  if (waitMs > horizonMs) {
    const gapMs = startGapMs(group, request.tokens)
    return blocked(member, { reason: "rate_limited", earliestMs: nowMs + waitMs, gapMs, line: "group" }, { waitMs, hasBooking })
  }
  const { name, priority, weight } = endpoint
  const inFlight = liveLeases(record.leases, nowMs)
  const isProbe = byBreaker === "probe" || byCredential === "probe"
  const latencyMs = presentLatencyMs(record, nowMs)
  const isCredentialProbe = byCredential === "probe"
  return { kind: "startable", member, name, priority, weight, waitMs, inFlight, latencyMs, isProbe, hasBooking, isCredentialProbe }
}

/** Since when nobody could call the endpoint, whatever its allowance; null: it is in service. */
function outOfServiceSinceMs({ endpoint, record, credential }: PoolMember): number | null {
  const { state } = record.breaker
  const isEjected = record.forced === "open" || (endpoint.breaker !== null && record.forced !== "closed")
  const ejectedMs = isEjected && state.kind !== "closed" ? state.sinceMs : Number.POSITIVE_INFINITY
  const sinceMs = Math.min(ejectedMs, credential?.sinceMs ?? Number.POSITIVE_INFINITY)
  return sinceMs === Number.POSITIVE_INFINITY ? null : sinceMs
}

/** Since when no endpoint of the pool has been in service; null: one is. */
export function poolUnavailableSinceMs(members: readonly PoolMember[]): number | null {
  const since = members.map(outOfServiceSinceMs).filter((ms) => ms !== null)
  return since.length < members.length ? null : Math.max(...since)
}
