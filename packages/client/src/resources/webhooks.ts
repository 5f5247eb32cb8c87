import type {
  CreateWebhookEndpointRequest,
  DeliveryResource,
  DeliveryWithRequestResource,
  UpdateWebhookEndpointRequest,
  WebhookEndpointResource,
  WebhookRecoveryResource,
  WebhookSecretResource,
} from "@sluice/core"
import { type CallOptions, listResource, type PageQuery } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"
import { verifyEvent } from "../webhooks/verify-event.ts"

export interface DeliveryFilters extends PageQuery {
  readonly status?: DeliveryResource["status"] | undefined
}

export interface RotateSecretOptions extends CallOptions {
  /** How long requests carry signatures of the old secret too. Default 24 h. */
  readonly overlapMs?: number
}

export interface Webhooks {
  list(query?: PageQuery, options?: CallOptions): Listing<WebhookEndpointResource>
  /** The only answer, beside that of a rotation, that has the `secret`. */
  create(request: CreateWebhookEndpointRequest, options?: CallOptions): Promise<WebhookEndpointResource>
  get(id: string, options?: CallOptions): Promise<WebhookEndpointResource>
  /** What is left out stays as it is. */
  update(id: string, changes: UpdateWebhookEndpointRequest, options?: CallOptions): Promise<WebhookEndpointResource>
  delete(id: string, options?: CallOptions): Promise<void>
  rotateSecret(id: string, options?: RotateSecretOptions): Promise<WebhookEndpointResource>
  /** Sends an event of the type `webhook.test` to this endpoint. */
  test(id: string, options?: CallOptions): Promise<DeliveryResource>
  /** Newest first. */
  deliveries(id: string, filters?: DeliveryFilters, options?: CallOptions): Listing<DeliveryResource>
  /** With what is sent; the body only for keys that hold `jobs:read`. */
  getDelivery(id: string, deliveryId: string, options?: CallOptions): Promise<DeliveryWithRequestResource>
  redeliver(id: string, deliveryId: string, options?: CallOptions): Promise<DeliveryResource>
  /** Makes the deliveries anew that were given up since then (ISO 8601 with a zone); it goes on by itself. */
  recover(id: string, since: string, options?: CallOptions): Promise<WebhookRecoveryResource>
  getRecovery(id: string, recoveryId: string, options?: CallOptions): Promise<WebhookRecoveryResource>
  /** How old the tenant's default secret is, which signs the webhooks of jobs that bring none. To learn it, rotate it. */
  defaultSecret(options?: CallOptions): Promise<WebhookSecretResource>
  rotateDefaultSecret(options?: RotateSecretOptions): Promise<WebhookSecretResource>
  /** The same as the function `verifyEvent`, which needs no client. */
  verify: typeof verifyEvent
}

const root = "/v1/webhook-endpoints"
const secretPath = "/v1/webhook-secret"

export function createWebhooks(transport: Transport): Webhooks {
  const pathOf = (...parts: string[]) => [root, ...parts.map(encodeURIComponent)].join("/")
  return {
    list: (query = {}, { signal } = {}) => listResource(transport, { path: root, query: { ...query }, signal }),
    create: (request, { signal } = {}) => transport.json({ method: "POST", path: root, body: request, signal }),
    get: (id, { signal } = {}) => transport.json({ method: "GET", path: pathOf(id), signal }),
    update: (id, changes, { signal } = {}) =>
      transport.json({ method: "PATCH", path: pathOf(id), body: changes, repeatable: "safely", signal }),
    delete: async (id, { signal } = {}) => {
      await transport.json({ method: "DELETE", path: pathOf(id), signal })
    },
    rotateSecret: (id, { overlapMs, signal } = {}) =>
      transport.json({ method: "POST", path: pathOf(id, "rotate-secret"), body: { overlapMs }, signal }),
    test: (id, { signal } = {}) => transport.json({ method: "POST", path: pathOf(id, "test"), signal }),
    deliveries: (id, filters = {}, { signal } = {}) =>
      listResource(transport, { path: pathOf(id, "deliveries"), query: { ...filters }, signal }),
    getDelivery: (id, deliveryId, { signal } = {}) => transport.json({ method: "GET", path: pathOf(id, "deliveries", deliveryId), signal }),
    redeliver: (id, deliveryId, { signal } = {}) =>
      transport.json({ method: "POST", path: pathOf(id, "deliveries", deliveryId, "redeliver"), signal }),
    recover: (id, since, { signal } = {}) => transport.json({ method: "POST", path: pathOf(id, "recover"), body: { since }, signal }),
    getRecovery: (id, recoveryId, { signal } = {}) => transport.json({ method: "GET", path: pathOf(id, "recoveries", recoveryId), signal }),
    defaultSecret: ({ signal } = {}) => transport.json({ method: "GET", path: secretPath, signal }),
    rotateDefaultSecret: ({ overlapMs, signal } = {}) =>
      transport.json({ method: "POST", path: `${secretPath}/rotate`, body: { overlapMs }, signal }),
    verify: verifyEvent,
  }
}
