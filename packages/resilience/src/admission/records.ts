import { type Breaker, closedBreaker } from "../breaker/breaker.ts"
import type { CallCounts } from "../breaker/call-window.ts"
import { type ConcurrencyCap, uncutCap } from "../concurrency/concurrency-cap.ts"
import type { DisabledCredential } from "../credential/credential.ts"
import type { Amount } from "../limiter/bucket.ts"
import { type Group, newGroup } from "../limiter/group.ts"
import { emptyLine, type WaitingLine } from "../limiter/waiting-line.ts"
import { freshRetryBudget, type RetryBudget } from "../retry/retry-budget.ts"
import type { BreakerChange } from "./types.ts"

/** Leases and when they expire. */
export type Leases = Map<string, number>

/** What is known of an endpoint beyond its settings. */
export interface EndpointRecord {
  breaker: Breaker
  forced: "open" | "closed" | null
  cap: ConcurrencyCap
  /** The configured number of calls at once, of the newest version seen. */
  concurrency: { readonly version: number | null; readonly calls: number | null }
  /** Smoothed, of successful calls. */
  latency: { readonly ms: number; readonly atMs: number } | null
  line: WaitingLine
  reservedLine: WaitingLine
  readonly leases: Leases
  /** Calls of the present half-open generation. */
  readonly probes: Leases
  /** Callers who are next when a place becomes free. */
  readonly reservations: Leases
  readonly history: BreakerChange[]
}

export interface RouteRecord {
  paused: { readonly since: Date; readonly by: string } | null
  budget: RetryBudget
  line: WaitingLine
  readonly retries: Leases
}

/** A lease's place among all that is booked of a group's allowance. */
export interface Booking {
  readonly group: string
  readonly bookedBefore: Amount
  /** When the caller was told to come. */
  readonly atMs: number
}

export interface Records {
  endpoint(name: string): EndpointRecord
  group(name: string, nowMs: number): Group
  setGroup(name: string, group: Group): void
  route(name: string): RouteRecord
  routes(): Iterable<readonly [string, RouteRecord]>
  readonly credentials: Map<string, DisabledCredential>
  booking(lease: string, nowMs: number): Booking | null
  setBooking(lease: string, booking: Booking | null): void
}

const keptHistory = 100
/** How long an expired lease can still be settled. */
const lateSettleMs = 3_600_000
/** A booking that nobody came for is forgotten after this time, its allowance lost. */
const keptBookingMs = 60_000
const latencyWeight = 0.2
/** Halved so often at most, each time after this long without a call, so that a slow endpoint gets another chance. */
const latencyHalvedAfterMs = 30_000
const maxHalvings = 3

function newEndpoint(): EndpointRecord {
  return {
    breaker: closedBreaker,
    forced: null,
    cap: uncutCap,
    concurrency: { version: null, calls: null },
    latency: null,
    line: emptyLine,
    reservedLine: emptyLine,
    leases: new Map(),
    probes: new Map(),
    reservations: new Map(),
    history: [],
  }
}

function created<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const existing = map.get(key)
  if (existing !== undefined) return existing
  const value = create()
  map.set(key, value)
  return value
}

export function createRecords(): Records {
  const endpoints = new Map<string, EndpointRecord>()
  const groups = new Map<string, Group>()
  const routes = new Map<string, RouteRecord>()
  const bookings = new Map<string, Booking>()
  const isKept = ({ atMs }: Booking, nowMs: number): boolean => nowMs <= atMs + keptBookingMs
  return {
    endpoint: (name) => created(endpoints, name, newEndpoint),
    group: (name, nowMs) => created(groups, name, () => newGroup(nowMs)),
    setGroup: (name, group) => void groups.set(name, group),
    route: (name) => created(routes, name, () => ({ paused: null, budget: freshRetryBudget, line: emptyLine, retries: new Map() })),
    routes: () => routes,
    credentials: new Map(),
    booking: (lease, nowMs) => {
      for (const [each, booking] of bookings) if (!isKept(booking, nowMs)) bookings.delete(each)
      return bookings.get(lease) ?? null
    },
    setBooking: (lease, booking) => {
      if (booking === null) bookings.delete(lease)
      else bookings.set(lease, booking)
    },
  }
}

export function liveLeases(leases: Leases, nowMs: number): number {
  let live = 0
  for (const expiresAtMs of leases.values()) if (expiresAtMs > nowMs) live += 1
  return live
}

/** Adds a lease, and forgets those that expired too long ago to be settled still. */
export function addLease(
  leases: Leases,
  lease: string,
  { expiresAtMs, nowMs }: { readonly expiresAtMs: number; readonly nowMs: number },
): void {
  for (const [each, until] of leases) if (until < nowMs - lateSettleMs) leases.delete(each)
  leases.set(lease, expiresAtMs)
}

/** Keeps the breaker's state in the history, with who brought it about; null: the breaker itself. */
export function keepHistory(
  record: EndpointRecord,
  { by, nowMs, decidedOn }: { readonly by: string | null; readonly nowMs: number; readonly decidedOn: CallCounts | null },
): void {
  record.history.push({ at: new Date(nowMs), state: record.breaker.state.kind, by, decidedOn })
  if (record.history.length > keptHistory) record.history.shift()
}

/** Replaces the breaker. A change of state is kept in the history, and ends the probes of the state before. */
export function setBreaker(
  record: EndpointRecord,
  breaker: Breaker,
  { by, nowMs }: { readonly by: string | null; readonly nowMs: number },
): void {
  const hasChanged = breaker.generation !== record.breaker.generation
  record.breaker = breaker
  if (!hasChanged) return
  record.probes.clear()
  keepHistory(record, { by, nowMs, decidedOn: breaker.decidedOn })
}

export function noteLatency(record: EndpointRecord, ms: number, nowMs: number): void {
  const before = record.latency
  record.latency = { ms: before === null ? ms : before.ms + latencyWeight * (ms - before.ms), atMs: nowMs }
}

/** The latency as it counts for a choice: an endpoint that was not asked for long is given the benefit of the doubt. */
export function presentLatencyMs({ latency }: EndpointRecord, nowMs: number): number | null {
  if (latency === null) return null
  const halvings = Math.min(maxHalvings, Math.max(0, Math.floor((nowMs - latency.atMs) / latencyHalvedAfterMs)))
  return latency.ms / 2 ** halvings
}

/** Takes over the configured concurrency unless a newer configuration was seen. */
export function configureConcurrency(record: EndpointRecord, version: number, calls: number | null): void {
  const seen = record.concurrency.version
  if (seen === null || version >= seen) record.concurrency = { version, calls }
}
