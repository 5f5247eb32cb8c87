import { halfOpenBreaker } from "../breaker/breaker.ts"
import { bookStart, countStart, giveStartBack } from "../limiter/group.ts"
import { joinLine, timeInLine } from "../limiter/waiting-line.ts"
import { chooseCandidate } from "../pool/choose-candidate.ts"
import { countCall, mayRetry } from "../retry/retry-budget.ts"
import {
  type AvailabilityContext,
  availabilityOf,
  type Blocked,
  type PoolMember,
  poolUnavailableSinceMs,
  refusalsForReservation,
  type Startable,
} from "./availability.ts"
import { createGroups, type Groups } from "./groups.ts"
import { addLease, type Booking, liveLeases, type Records, setBreaker } from "./records.ts"
import type { ModelAdmitOutcome, ModelAdmitRequest, ModelEndpoint, ModelRefusalReason } from "./types.ts"

/** A question asked again within this time of its answer gets the same one: the first may never have arrived. */
const repeatedWithinMs = 5_000
const pausedRouteWaitMs = 5_000
const pausedRouteGapMs = 10
const retryWaitMs = 1_000
const retryGapMs = 100
const reservationGraceMs = 5_000
/** Bulk callers are booked half as far ahead, so that there is always an early place for the others. */
const bulkHorizonShare = 0.5

export interface AdmitDependencies {
  readonly records: Records
  readonly draws: readonly [number, number]
  readonly nowMs: number
}

/** Chooses an endpoint of the pool and books a call on it, or says when to come back. */
export function admit(dependencies: AdmitDependencies, request: ModelAdmitRequest): ModelAdmitOutcome {
  const repeated = repeatedAnswer(dependencies, request)
  if (repeated !== null) return repeated
  const { records, nowMs } = dependencies
  const route = records.route(request.route)
  if (route.paused !== null)
    return refusedByRoute(dependencies, request, { reason: "route_paused", waitMs: pausedRouteWaitMs, gapMs: pausedRouteGapMs })

  const groups = createGroups(records, request, nowMs)
  const booking = bookingInPool(dependencies, request)
  const members = request.endpoints.map((endpoint) => memberOf(records, groups, endpoint))
  const isOverBudget =
    request.isRetry && booking === null && !mayRetry(route.budget, { nowMs, inFlight: () => liveLeases(route.retries, nowMs) })
  if (isOverBudget) {
    const refusal = { reason: "retry_backoff", waitMs: retryWaitMs, gapMs: retryGapMs } as const
    return { ...refusedByRoute(dependencies, request, refusal), unavailableSinceMs: poolUnavailableSinceMs(members) }
  }
  return choose(dependencies, request, { booking, members, groups })
}

function memberOf(records: Records, groups: Groups, endpoint: ModelEndpoint): PoolMember {
  return {
    endpoint,
    record: records.endpoint(endpoint.name),
    group: groups.get(endpoint.limitGroup),
    credential: records.credentials.get(endpoint.credential) ?? null,
  }
}

function repeatedAnswer({ records, nowMs }: AdmitDependencies, request: ModelAdmitRequest): ModelAdmitOutcome | null {
  for (const { name } of request.endpoints) {
    const record = records.endpoint(name)
    const expiresAtMs = record.leases.get(request.lease)
    if (expiresAtMs === undefined || expiresAtMs <= nowMs) continue
    const startsAtMs = expiresAtMs - request.leaseMs
    if (startsAtMs <= nowMs - repeatedWithinMs) continue
    const startInMs = Math.max(0, startsAtMs - nowMs)
    const isProbe = record.probes.has(request.lease)
    return { kind: "admitted", endpoint: name, startInMs, generation: String(record.breaker.generation), isProbe }
  }
  return null
}

function refusedByRoute(
  { records, nowMs }: AdmitDependencies,
  { route }: ModelAdmitRequest,
  refusal: { readonly reason: ModelRefusalReason; readonly waitMs: number; readonly gapMs: number },
): Extract<ModelAdmitOutcome, { kind: "refused" }> {
  const record = records.route(route)
  const timeMs = timeInLine(record.line, nowMs + refusal.waitMs)
  record.line = joinLine({ timeMs, gapMs: refusal.gapMs })
  return { kind: "refused", reason: refusal.reason, endpoint: null, retryInMs: Math.ceil(timeMs) - nowMs, unavailableSinceMs: null }
}

/** The lease's booking, if it is for this pool. */
function bookingInPool({ records, nowMs }: AdmitDependencies, request: ModelAdmitRequest): Booking | null {
  const booking = records.booking(request.lease, nowMs)
  return request.endpoints.some(({ limitGroup }) => limitGroup === booking?.group) ? booking : null
}

interface Pool {
  readonly booking: Booking | null
  readonly members: readonly PoolMember[]
  readonly groups: Groups
}

function choose(dependencies: AdmitDependencies, request: ModelAdmitRequest, pool: Pool): ModelAdmitOutcome {
  const { nowMs, draws } = dependencies
  const { booking, members } = pool
  const horizonMs = request.priority === "bulk" ? request.maxWaitMs * bulkHorizonShare : request.maxWaitMs
  const context: AvailabilityContext = { request, booking, horizonMs, nowMs }
  const found = members.map((member) => availabilityOf(member, context))
  const startable = found.filter((each) => each.kind === "startable")
  const booked = startable.filter(({ hasBooking }) => hasBooking)
  const [first, ...rest] = booked.length > 0 ? booked : startable
  if (first !== undefined) {
    const isUrgent = request.priority === "interactive"
    const chosen = chooseCandidate([first, ...rest], { affinity: request.affinity, isUrgent, draws })
    return start(dependencies, request, chosen, pool)
  }
  const blocked = found.filter((each) => each.kind === "blocked")
  const later = soonestBy(
    blocked.filter(({ waitMs, hasBooking }) => waitMs !== null && (hasBooking || request.refusals >= refusalsForReservation)),
    ({ waitMs, hasBooking }) => (hasBooking ? -1 : (waitMs ?? 0)),
  )
  if (later !== undefined) return book(dependencies, request, later, pool)
  return refuse(dependencies, request, blocked, pool)
}

function soonestBy<Item>(items: readonly Item[], timeOf: (item: Item) => number): Item | undefined {
  return items.reduce<Item | undefined>((best, item) => (best === undefined || timeOf(item) < timeOf(best) ? item : best), undefined)
}

function start(
  { records, nowMs }: AdmitDependencies,
  request: ModelAdmitRequest,
  chosen: Startable,
  { booking, members, groups }: Pool,
): ModelAdmitOutcome {
  const { endpoint, record } = chosen.member
  const { lease, tokens } = request
  const startInMs = Math.ceil(chosen.waitMs)
  const expiresAtMs = nowMs + startInMs + request.leaseMs
  if (booking !== null) records.setBooking(lease, null)
  if (!chosen.hasBooking) {
    if (booking !== null) groups.change(booking.group, (group) => giveStartBack(group, tokens))
    groups.change(endpoint.limitGroup, (group) => bookStart(group, tokens))
  }
  groups.change(endpoint.limitGroup, (group) => countStart(group, tokens, nowMs))
  const route = records.route(request.route)
  route.budget = countCall(route.budget, { isRetry: request.isRetry, nowMs })
  if (request.isRetry) addLease(route.retries, lease, { expiresAtMs, nowMs })

  for (const member of members) {
    member.record.reservations.delete(lease)
    member.record.leases.delete(lease)
  }
  addLease(record.leases, lease, { expiresAtMs, nowMs })
  if (chosen.isCredentialProbe && chosen.member.credential !== null) {
    records.credentials.set(endpoint.credential, { ...chosen.member.credential, probe: { lease, untilMs: expiresAtMs } })
  }
  const isBreakerProbe = endpoint.breaker !== null && record.forced !== "closed" && record.breaker.state.kind !== "closed"
  if (isBreakerProbe) {
    setBreaker(record, halfOpenBreaker(record.breaker), { by: null, nowMs })
    addLease(record.probes, lease, { expiresAtMs, nowMs })
  }
  const generation = String(record.breaker.generation)
  return { kind: "admitted", endpoint: endpoint.name, startInMs, generation, isProbe: chosen.isProbe }
}

function book(
  { records, nowMs }: AdmitDependencies,
  request: ModelAdmitRequest,
  { member, waitMs, hasBooking }: Blocked,
  { booking, groups }: Pool,
): ModelAdmitOutcome {
  const { name, limitGroup } = member.endpoint
  const startInMs = Math.ceil(waitMs ?? 0)
  const atMs = nowMs + startInMs
  if (hasBooking && booking !== null) records.setBooking(request.lease, { ...booking, atMs })
  else {
    records.setBooking(request.lease, { group: limitGroup, bookedBefore: groups.get(limitGroup).booked, atMs })
    groups.change(limitGroup, (group) => bookStart(group, request.tokens))
  }
  return { kind: "booked", endpoint: name, startInMs }
}

function refuse(
  { nowMs }: AdmitDependencies,
  request: ModelAdmitRequest,
  blocked: readonly Blocked[],
  { members, groups }: Pool,
): ModelAdmitOutcome {
  const soonest = soonestBy(blocked, ({ timeMs }) => timeMs)
  if (soonest === undefined)
    throw new TypeError(`The call ${request.lease} of route ${request.route} was to be admitted to a pool without endpoints.`)
  const { member, reason, timeMs, gapMs } = soonest
  switch (soonest.line) {
    case "endpoint":
      member.record.line = joinLine({ timeMs, gapMs })
      break
    case "group":
      groups.change(member.endpoint.limitGroup, (group) => ({ ...group, line: joinLine({ timeMs, gapMs }) }))
      break
    case "reserved":
      member.record.reservedLine = joinLine({ timeMs, gapMs })
      addLease(member.record.reservations, request.lease, { expiresAtMs: timeMs + reservationGraceMs, nowMs })
  }
  return {
    kind: "refused",
    reason,
    endpoint: member.endpoint.name,
    retryInMs: Math.ceil(timeMs) - nowMs,
    unavailableSinceMs: poolUnavailableSinceMs(members),
  }
}
