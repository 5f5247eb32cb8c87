import type { IRouter, RequestHandler } from "express"
import { hasBody } from "../../middleware/json-body/discard-body.ts"
import { mount } from "../resource.ts"
import {
  type DeliveryHandlerDependencies,
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
  const optionalBody: RequestHandler = (request, response, next) => (hasBody(request) ? body(request, response, next) : next())
  mount(router, {
    path: base,
    get: [authenticate, listWebhookEndpointsHandler(dependencies)],
    post: [authenticate, body, createWebhookEndpointHandler(dependencies)],
  })
  mount(router, {
    path: `${base}/:id`,
    get: [authenticate, getWebhookEndpointHandler(dependencies)],
    patch: [authenticate, body, updateWebhookEndpointHandler(dependencies)],
    delete: [authenticate, deleteWebhookEndpointHandler(dependencies)],
  })
  mount(router, { path: `${base}/:id/rotate-secret`, post: [authenticate, optionalBody, rotateSecretHandler(dependencies)] })
  mount(router, { path: `${base}/:id/test`, post: [authenticate, testWebhookEndpointHandler(dependencies)] })
  mount(router, { path: `${base}/:id/deliveries`, get: [authenticate, listDeliveriesHandler(dependencies)] })
  mount(router, {
    path: `${base}/:id/deliveries/:deliveryId/redeliver`,
    post: [authenticate, redeliverHandler(dependencies)],
  })
  mount(router, { path: `${base}/:id/recover`, post: [authenticate, body, recoverHandler(dependencies)] })
  mount(router, { path: `${base}/:id/recoveries/:recoveryId`, get: [authenticate, getRecoveryHandler(dependencies)] })
  mount(router, { path: "/v1/webhook-secret", get: [authenticate, getWebhookSecretHandler(dependencies)] })
  mount(router, { path: "/v1/webhook-secret/rotate", post: [authenticate, optionalBody, rotateWebhookSecretHandler(dependencies)] })
}
