export interface GateRequest {
  readonly tenantId: string
  /** Null: no limit. */
  readonly requestsPerMinute: number | null
  /** How many requests to take; 0 when only places for jobs are asked for. */
  readonly requests: number
  /** Null: no limit. */
  readonly maxQueuedJobs: number | null
  /** How many places for jobs to take, all or none. */
  readonly jobs: number
}

export interface RequestsVerdict {
  readonly isAllowed: boolean
  /** What may follow at once. */
  readonly remaining: number
  /** When the first of those that were counted leave the minute. */
  readonly resetMs: number
  /** When as many as were asked for will be possible; 0 when they were. */
  readonly retryMs: number
}

export type PlacesVerdict =
  | { readonly kind: "granted"; readonly remaining: number; readonly ticket: PlacesTicket }
  /** `free` are there, fewer than were asked for. `mark` goes with a count that is made from now on. */
  | { readonly kind: "full"; readonly free: number; readonly mark: number; readonly isCountFresh: boolean }
  /** Nothing is known of the tenant's jobs: it has to be told by a count. */
  | { readonly kind: "unknown"; readonly mark: number }

/** Names places that were taken until it is known what became of them. */
export interface PlacesTicket {
  readonly slot: number
  readonly jobs: number
}

export interface GateVerdict {
  /** Null where there is no limit, or nothing was asked for. */
  readonly requests: RequestsVerdict | null
  readonly places: PlacesVerdict | null
}

/**
 * Counts what tenants ask for, for all processes together. It only gates: the truth about jobs is in the database, by which it
 * corrects itself (`recount`), so that nothing it loses or misses stays wrong. Every method rejects with `QueueUnavailableError`
 * when it does not answer in time.
 *
 * Requests: never more than the limit within any 60 s, and never fewer than the limit in 61 s. A refused request is not counted.
 *
 * Places: a tenant's jobs are those of the last count, those accepted since, and those under way. Jobs that have begun to run
 * since are told by the next count, which is due when there seems to be no place left.
 */
export interface TenantGate {
  /** Takes requests, and if those are possible, places. */
  admit(request: GateRequest): Promise<GateVerdict>
  /** Tells what became of places: so many were filled, the others are free again. Places never settled are free after 90 s. */
  settle(request: { readonly tenantId: string; readonly ticket: PlacesTicket; readonly accepted: number }): Promise<void>
  /** Tells how many jobs the tenant has in line, counted after `mark` was given out. An older count than the last changes nothing. */
  recount(request: { readonly tenantId: string; readonly queued: number; readonly mark: number }): Promise<void>
}

/** A count this young is not made anew for a tenant that is refused. */
export const freshCountMs = 200
/** After so long places that were never settled are free again: longer than any request may take. */
export const placesTtlMs = 90_000
