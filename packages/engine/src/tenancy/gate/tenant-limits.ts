import {
  type GateRequest,
  type GateVerdict,
  type PlacesVerdict,
  type QueuedJobs,
  QueueUnavailableError,
  type RequestsVerdict,
  type TenantDirectory,
  type TenantGate,
} from "@sluice/core"

export interface TenantLimitsDependencies {
  readonly tenants: Pick<TenantDirectory, "settingsOf">
  /** Shared by all processes. */
  readonly gate: TenantGate
  /** This process's own, while the shared one does not answer. */
  readonly localGate: TenantGate
  readonly queuedJobs: QueuedJobs
}

export interface Places {
  /** What is free beside them. */
  readonly remaining: number
  /** Tells how many of them were filled; to be called once, later calls change nothing. */
  settle(accepted: number): void
}

export interface TakenPlaces {
  /** How many were taken. */
  readonly jobs: number
  /** As that of `Places`. */
  settle(accepted: number): void
}

/** Takes as many places as there are, at most `jobs`. A tenant without a limit has them all, and costs nothing. */
export type TakePlaces = (request: { readonly tenantId: string; readonly jobs: number }) => Promise<TakenPlaces>

export interface LimitsVerdict {
  /** The tenant's requests per minute; null when there is no limit, or none were asked for. */
  readonly requests: (RequestsVerdict & { readonly limit: number }) | null
  /** The tenant's places in line: those that were taken, `full` when there are not as many; null when there is no limit. */
  readonly places: Places | "full" | null
  /** When they are `full`: how many there are, fewer than were asked for. Else 0. */
  readonly freePlaces: number
  readonly maxQueuedJobs: number | null
}

/** What tenants may ask for at once. Costs nothing where they have no limits, else one round trip to Redis. */
export interface TenantLimits {
  /**
   * Takes requests, and if those are possible, places for `jobs` that are about to be submitted: all or none. Only a tenant
   * that seems to have no place left costs a count in the database.
   */
  admit(request: { readonly tenantId: string; readonly requests: number; readonly jobs: number }): Promise<LimitsVerdict>
  readonly takePlaces: TakePlaces
}

const unlimited: LimitsVerdict = { requests: null, places: null, freePlaces: 0, maxQueuedJobs: null }

export function createTenantLimits(dependencies: TenantLimitsDependencies): TenantLimits {
  const { tenants, gate, localGate } = dependencies
  const recount = createRecount(dependencies)

  async function ask(from: TenantGate, request: GateRequest): Promise<LimitsVerdict> {
    const verdict = await from.admit(request)
    if (!isCountDue(verdict.places)) return present(verdict, request, from)
    await recount(from, { ...request, mark: verdict.places.mark })
    const { places } = await from.admit({ ...request, requests: 0 })
    return present({ requests: verdict.requests, places }, request, from)
  }

  const limits: TenantLimits = {
    async admit({ tenantId, requests, jobs }) {
      const { requestsPerMinute = null, maxQueuedJobs = null } = tenants.settingsOf(tenantId)
      const isLimited = (requestsPerMinute !== null && requests > 0) || (maxQueuedJobs !== null && jobs > 0)
      if (!isLimited) return unlimited
      const request = { tenantId, requestsPerMinute, requests, maxQueuedJobs, jobs }
      try {
        return await ask(gate, request)
      } catch (error) {
        if (!(error instanceof QueueUnavailableError)) throw error
        return await ask(localGate, request)
      }
    },
    async takePlaces({ tenantId, jobs }) {
      // Each refusal names fewer than were asked for, so this ends.
      for (let wanted = jobs; wanted > 0; ) {
        const { places, freePlaces } = await limits.admit({ tenantId, requests: 0, jobs: wanted })
        if (places !== "full") return { jobs: wanted, settle: (accepted) => places?.settle(accepted) }
        wanted = freePlaces
      }
      return { jobs: 0, settle: () => undefined }
    },
  }
  return limits
}

type CountDue = Extract<PlacesVerdict, { readonly mark: number }>

function isCountDue(places: PlacesVerdict | null): places is CountDue {
  return places?.kind === "unknown" || (places?.kind === "full" && !places.isCountFresh)
}

type Recount = (gate: TenantGate, request: GateRequest & { readonly mark: number }) => Promise<void>

/** Requests that need a count at the same time share one. */
function createRecount({ queuedJobs }: Pick<TenantLimitsDependencies, "queuedJobs">): Recount {
  const underWay = new Map<string, Promise<void>>()
  return (gate, { tenantId, maxQueuedJobs, mark }) => {
    const counting = underWay.get(tenantId)
    if (counting !== undefined) return counting
    // Beyond the limit it does not matter how many there are.
    const recounted = queuedJobs
      .count({ tenantId, limit: maxQueuedJobs ?? 0 })
      .then((queued) => gate.recount({ tenantId, queued, mark }))
      .finally(() => underWay.delete(tenantId))
    underWay.set(tenantId, recounted)
    return recounted
  }
}

function present({ requests, places }: GateVerdict, request: GateRequest, gate: TenantGate): LimitsVerdict {
  const { requestsPerMinute, maxQueuedJobs } = request
  return {
    requests: requests && { ...requests, limit: requestsPerMinute ?? 0 },
    places: placesOf(places, { gate, tenantId: request.tenantId }),
    freePlaces: places?.kind === "full" ? places.free : 0,
    maxQueuedJobs,
  }
}

/** Of a tenant whose count was lost again meanwhile nothing is known: it is let through. */
function placesOf(places: PlacesVerdict | null, of: { readonly gate: TenantGate; readonly tenantId: string }): LimitsVerdict["places"] {
  if (places?.kind === "full") return "full"
  if (places?.kind !== "granted") return null
  const { remaining, ticket } = places
  let isSettled = false
  return {
    remaining,
    settle(accepted) {
      if (isSettled) return
      isSettled = true
      // Nobody waits for it; places that stay unsettled are free again after their time.
      of.gate.settle({ tenantId: of.tenantId, ticket, accepted }).catch(() => undefined)
    },
  }
}
