import type { DisabledReason, WebhookEndpoint, WebhookSecret } from "../delivery/webhook-endpoint.ts"

export type WebhookEndpointChanges = Partial<
  Pick<WebhookEndpoint, "url" | "description" | "events" | "headers" | "rateLimitPerSecond" | "disabled" | "failingSince">
>

export interface WebhookEndpointRef {
  readonly tenantId: string
  readonly id: string
}

export interface SecretRotation {
  readonly secret: string
  readonly at: Date
  /** How long the secrets from before go on signing as well. */
  readonly overlapMs: number
}

export interface WebhookRecovery {
  readonly id: string
  readonly tenantId: string
  readonly endpointId: string
  readonly since: Date
  readonly createdAt: Date
  readonly finishedAt: Date | null
}

/** Registered receivers, the secrets of tenants, and recoveries. Every method rejects with `StorageUnavailableError` as the other stores'. */
export interface WebhookEndpointStore {
  insert(endpoint: WebhookEndpoint): Promise<void>
  find(ref: WebhookEndpointRef): Promise<WebhookEndpoint | null>
  /** Newest first; `before` is the id of the last of the previous page. */
  list(request: { readonly tenantId: string; readonly before: string | null; readonly limit: number }): Promise<readonly WebhookEndpoint[]>
  /** For deliveries, which know an endpoint by its id alone. */
  findMany(ids: readonly string[]): Promise<readonly WebhookEndpoint[]>
  /**
   * The endpoints of these tenants, or of all when null, that events are kept for: all but those that were switched off by hand.
   */
  listenersOf(tenantIds: readonly string[] | null): Promise<readonly WebhookEndpoint[]>
  /** Those of all tenants that were switched off for what their receivers did, and not by hand. */
  findDisabled(request: { readonly limit: number }): Promise<readonly WebhookEndpoint[]>
  /** Null when there is none. */
  update(ref: WebhookEndpointRef & { readonly at: Date; readonly changes: WebhookEndpointChanges }): Promise<WebhookEndpoint | null>
  /** False when there is none. */
  remove(ref: WebhookEndpointRef): Promise<boolean>
  rotateSecret(ref: WebhookEndpointRef & SecretRotation): Promise<WebhookEndpoint | null>
  /** Since when every try has failed: `at` if this is the first that did. Null when there is no such endpoint. */
  noteFailure(request: { readonly id: string; readonly at: Date }): Promise<Date | null>
  noteSuccess(request: { readonly id: string }): Promise<void>
  /** True when it was this call that did. */
  disable(request: { readonly id: string; readonly reason: DisabledReason; readonly at: Date }): Promise<boolean>
  /**
   * Books requests of an endpoint with a rate limit, `intervalMs` apart over all workers, and returns when each may start: at
   * most `count`, none later than `horizonMs` from now (GCRA: a bucket told by one time, the next free one).
   */
  bookSends(request: {
    readonly id: string
    readonly at: Date
    readonly count: number
    readonly intervalMs: number
    readonly horizonMs: number
  }): Promise<readonly Date[]>
  /** The secrets of a tenant, newest first; `make` supplies the first when it has none yet. */
  tenantSecrets(request: { readonly tenantId: string; readonly at: Date; readonly make: () => string }): Promise<readonly WebhookSecret[]>
  rotateTenantSecret(request: { readonly tenantId: string } & SecretRotation): Promise<readonly WebhookSecret[]>
  insertRecovery(recovery: WebhookRecovery): Promise<void>
  findRecovery(ref: WebhookEndpointRef & { readonly recoveryId: string }): Promise<WebhookRecovery | null>
  runningRecoveries(request: { readonly limit: number }): Promise<readonly WebhookRecovery[]>
  finishRecovery(request: { readonly id: string; readonly at: Date }): Promise<void>
}
