import { type Clock, freshCountMs, type PlacesVerdict, placesTtlMs, type RequestsVerdict, type TenantGate } from "@sluice/core"

const secondMs = 1_000
/** Of whole seconds: any 60 s lie within them. */
const windowSlots = 61
const slotMs = 10_000

interface Places {
  base: number | null
  mark: number
  settled: number
  countedAtMs: number
  /** By the slot of time in which they were taken. */
  readonly underWay: Map<number, number>
}

/** The `TenantGate` of one process alone, for when there is no other. */
export function createLocalTenantGate({ clock }: { readonly clock: Clock }): TenantGate {
  const requestsOf = new Map<string, Map<number, number>>()
  const placesOf = new Map<string, Places>()
  const placesFor = (tenantId: string): Places => {
    const places = placesOf.get(tenantId) ?? { base: null, mark: 0, settled: 0, countedAtMs: 0, underWay: new Map() }
    placesOf.set(tenantId, places)
    return places
  }
  return {
    admit({ tenantId, requestsPerMinute, requests, maxQueuedJobs, jobs }) {
      const nowMs = clock().getTime()
      const counts = requestsOf.get(tenantId) ?? new Map<number, number>()
      requestsOf.set(tenantId, counts)
      const isLimited = requestsPerMinute !== null && requests > 0
      const taken = isLimited ? takeRequests(counts, { limit: requestsPerMinute, requests, nowMs }) : null
      const isPossible = taken === null || taken.isAllowed
      const asks = isPossible && maxQueuedJobs !== null && jobs > 0
      const places = asks ? takePlaces(placesFor(tenantId), { max: maxQueuedJobs, jobs, nowMs }) : null
      return Promise.resolve({ requests: taken, places })
    },
    settle({ tenantId, ticket: { slot, jobs }, accepted }) {
      const places = placesFor(tenantId)
      const left = (places.underWay.get(slot) ?? 0) - jobs
      if (left > 0) places.underWay.set(slot, left)
      else places.underWay.delete(slot)
      places.settled += accepted
      return Promise.resolve()
    },
    recount({ tenantId, queued, mark }) {
      const places = placesFor(tenantId)
      if (mark >= places.mark) Object.assign(places, { base: queued, mark, countedAtMs: clock().getTime() })
      return Promise.resolve()
    },
  }
}

interface Asked {
  readonly limit: number
  readonly requests: number
  readonly nowMs: number
}

function takeRequests(counts: Map<number, number>, { limit, requests, nowMs }: Asked): RequestsVerdict {
  const second = Math.floor(nowMs / secondMs)
  for (const slot of counts.keys()) if (slot <= second - windowSlots) counts.delete(slot)
  const slots = [...counts].sort(([a], [b]) => a - b)
  const leavesInMs = (slot: number) => (slot + windowSlots) * secondMs - nowMs
  const taken = slots.reduce((sum, [, count]) => sum + count, 0)
  const [oldest = second] = slots[0] ?? []
  const resetMs = leavesInMs(oldest)
  if (taken + requests <= limit) {
    counts.set(second, (counts.get(second) ?? 0) + requests)
    return { isAllowed: true, remaining: limit - taken - requests, resetMs, retryMs: 0 }
  }
  let room = limit - taken
  const enough = slots.find(([, count]) => {
    room += count
    return room >= requests
  })
  const retryMs = enough ? leavesInMs(enough[0]) : windowSlots * secondMs
  return { isAllowed: false, remaining: Math.max(0, limit - taken), resetMs, retryMs: Math.max(1, retryMs) }
}

function takePlaces(places: Places, { max, jobs, nowMs }: { max: number; jobs: number; nowMs: number }): PlacesVerdict {
  const slot = Math.floor(nowMs / slotMs)
  const { base, mark, settled, underWay } = places
  for (const taken of underWay.keys()) if (taken <= slot - placesTtlMs / slotMs) underWay.delete(taken)
  if (base === null) return { kind: "unknown", mark: settled }
  const free = max - (base + settled - mark + [...underWay.values()].reduce((sum, count) => sum + count, 0))
  if (free < jobs) return { kind: "full", free: Math.max(0, free), mark: settled, isCountFresh: nowMs - places.countedAtMs < freshCountMs }
  underWay.set(slot, (underWay.get(slot) ?? 0) + jobs)
  return { kind: "granted", remaining: free - jobs, ticket: { slot, jobs } }
}
