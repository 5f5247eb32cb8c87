import type { Delivery, DeliveryStatus, Settlement } from "../delivery/delivery.ts"

export interface DeliveryPageRequest {
  readonly tenantId: string
  readonly target: string
  readonly status?: DeliveryStatus | undefined
  /** The id of the last delivery of the previous page. */
  readonly before: string | null
  readonly limit: number
}

/**
 * Where deliveries are safe, and who may try them when. Each write is one atomic conditional write. Every method rejects
 * with `StorageUnavailableError` when the database does not acknowledge in time.
 */
export interface DeliveryStore {
  /** Stores what is not there yet; a delivery that exists stays as it is. */
  insert(deliveries: readonly Delivery[]): Promise<void>
  /** Pending deliveries of all tenants whose time has come and that nobody leases, the longest due first. */
  findDue(request: {
    readonly at: Date
    readonly limit: number
    readonly exceptLanes: readonly string[]
  }): Promise<readonly Pick<Delivery, "id" | "lane">[]>
  /**
   * Takes deliveries that are due at `at`, until `until`; returns those that this token got. Until then nobody else gets
   * them, unless they are settled; afterwards anybody may.
   */
  lease(request: {
    readonly ids: readonly string[]
    readonly at: Date
    readonly until: Date
    readonly token: string
  }): Promise<readonly Delivery[]>
  /** Does what `settleDelivery` says, if the token still holds the lease. Settling again with the same token changes nothing. */
  settle(request: { readonly id: string; readonly token: string; readonly settlement: Settlement }): Promise<void>
  find(request: { readonly tenantId: string; readonly id: string }): Promise<Delivery | null>
  /** All of a job, oldest event first. */
  ofJob(request: { readonly tenantId: string; readonly jobId: string }): Promise<readonly Delivery[]>
  /** Newest event first. */
  list(request: DeliveryPageRequest): Promise<readonly Delivery[]>
  /**
   * Has a delivery made anew at once, from the start of the schedule, whatever became of it; one that is under way is left
   * alone. Returns it as it is then; null when there is none.
   */
  redeliver(request: { readonly tenantId: string; readonly id: string; readonly at: Date }): Promise<Delivery | null>
  /** Redelivers failed deliveries that a recovery has not touched yet, at most `limit`; returns how many. */
  recover(request: RecoverBatch): Promise<number>
  countRecovered(request: { readonly recoveryId: string }): Promise<number>
}

export interface RecoverBatch {
  readonly recoveryId: string
  readonly tenantId: string
  readonly target: string
  /** By when the delivery was made: from `since` on, before `until`. */
  readonly since: Date
  readonly until: Date
  readonly at: Date
  readonly limit: number
}
