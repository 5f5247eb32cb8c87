import type { IRouter, RequestHandler } from "express"
import { optionalBody } from "../../middleware/json-body/optional-body.ts"
import { requireScope } from "../../middleware/require-scope.ts"
import { mount } from "../resource.ts"
import {
  type DeliveryHandlerDependencies,
  getDeliveryHandler,
  getRecoveryHandler,
  listDeliveriesHandler,
  recoverHandler,
  redeliverHandler,
  testWebhookEndpointHandler,
} from "./delivery-handlers.ts"
import {
  createWebhookEndpointHandler,
  deleteWebhookEndpointHandler,
  getWebhookEndpointHandler,
  listWebhookEndpointsHandler,
  rotateSecretHandler,
  updateWebhookEndpointHandler,
} from "./endpoint-handlers.ts"
import { getWebhookSecretHandler, rotateWebhookSecretHandler } from "./webhook-secret-handlers.ts"

export interface MountWebhooksOptions extends DeliveryHandlerDependencies {
  readonly authenticate: RequestHandler
  readonly body: RequestHandler
}

const base = "/v1/webhook-endpoints"

/** Everything about webhook endpoints, their deliveries and the tenant's default secret. */
export function mountWebhooks(router: IRouter, { authenticate, body, ...dependencies }: MountWebhooksOptions): void {
  const bodyIfAny = optionalBody(body)
  mount(router, {
    path: base,
    get: [authenticate, requireScope("webhooks:read"), listWebhookEndpointsHandler(dependencies)],
    post: [authenticate, requireScope("webhooks:write"), body, createWebhookEndpointHandler(dependencies)],
  })
  mount(router, {
    path: `${base}/:id`,
    get: [authenticate, requireScope("webhooks:read"), getWebhookEndpointHandler(dependencies)],
    patch: [authenticate, requireScope("webhooks:write"), body, updateWebhookEndpointHandler(dependencies)],
    delete: [authenticate, requireScope("webhooks:write"), deleteWebhookEndpointHandler(dependencies)],
  })
  mount(router, {
    path: `${base}/:id/rotate-secret`,
    post: [authenticate, requireScope("webhooks:write"), bodyIfAny, rotateSecretHandler(dependencies)],
  })
  mount(router, {
    path: `${base}/:id/test`,
    post: [authenticate, requireScope("webhooks:write"), testWebhookEndpointHandler(dependencies)],
  })
  mount(router, { path: `${base}/:id/deliveries`, get: [authenticate, requireScope("webhooks:read"), listDeliveriesHandler(dependencies)] })
  mount(router, {
    path: `${base}/:id/deliveries/:deliveryId`,
    get: [authenticate, requireScope("webhooks:read"), getDeliveryHandler(dependencies)],
  })
  mount(router, {
    path: `${base}/:id/deliveries/:deliveryId/redeliver`,
    post: [authenticate, requireScope("webhooks:write"), redeliverHandler(dependencies)],
  })
  mount(router, { path: `${base}/:id/recover`, post: [authenticate, requireScope("webhooks:write"), body, recoverHandler(dependencies)] })
  mount(router, {
    path: `${base}/:id/recoveries/:recoveryId`,
    get: [authenticate, requireScope("webhooks:read"), getRecoveryHandler(dependencies)],
  })
  mount(router, { path: "/v1/webhook-secret", get: [authenticate, requireScope("webhooks:read"), getWebhookSecretHandler(dependencies)] })
  mount(router, {
    path: "/v1/webhook-secret/rotate",
    post: [authenticate, requireScope("webhooks:write"), bodyIfAny, rotateWebhookSecretHandler(dependencies)],
  })
}
