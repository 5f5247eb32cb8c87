import { z } from "zod"
import { type DeliveryResource, deliveryResource, deliveryWithRequestResource } from "../job-resource.ts"
import { pageOf } from "../queries.ts"
import {
  createWebhookEndpointRequest,
  listDeliveriesQuery,
  listWebhookEndpointsQuery,
  recoverRequest,
  rotateSecretRequest,
  updateWebhookEndpointRequest,
  type WebhookEndpointResource,
  type WebhookRecoveryResource,
  type WebhookSecretResource,
  webhookEndpointId,
  webhookEndpointResource,
  webhookRecoveryResource,
  webhookSecretResource,
} from "../webhook-endpoint-resource.ts"
import { exampleIds, exampleTimes } from "./examples.ts"
import { location } from "./headers.ts"
import { json, type Operation } from "./operation.ts"

const tag = "webhooks"
const pathParameters = z.strictObject({ id: webhookEndpointId })
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwvDYxL3fEVKg="
const deliveryId = `${exampleIds.event}:${exampleIds.webhookEndpoint}`
const ofDelivery = pathParameters.extend({ deliveryId: z.string().meta({ description: "The delivery's id.", examples: [deliveryId] }) })
const recoveryId = "rec_01993f1077888c0d9e1fa0b1c2d3e4f5"
const self = `/v1/webhook-endpoints/${exampleIds.webhookEndpoint}`

const endpoint: WebhookEndpointResource = {
  id: exampleIds.webhookEndpoint,
  object: "webhook_endpoint",
  url: "https://app.example/hooks",
  description: "The orders service",
  format: "sluice",
  events: ["job.succeeded", "job.failed"],
  headerNames: ["x-team"],
  rateLimitPerSecond: 50,
  disabled: null,
  failingSince: null,
  previousSecretExpiresAt: null,
  createdAt: exampleTimes.submitted,
  updatedAt: exampleTimes.submitted,
}

const delivery: DeliveryResource = {
  id: deliveryId,
  eventId: exampleIds.event,
  eventType: "job.succeeded",
  target: exampleIds.webhookEndpoint,
  jobId: exampleIds.job,
  status: "delivered",
  createdAt: exampleTimes.finished,
  tryCount: 1,
  tries: [{ at: exampleTimes.finished, httpStatus: 204, durationMs: 48, error: null, responseBody: null }],
  nextAttemptAt: null,
}
const pendingDelivery: DeliveryResource = { ...delivery, status: "pending", tryCount: 0, tries: [], nextAttemptAt: exampleTimes.finished }

const event = {
  id: exampleIds.event,
  type: "job.succeeded",
  timestamp: exampleTimes.finished,
  apiVersion: "1",
  data: { id: exampleIds.job },
}
const sent = { method: "POST", url: endpoint.url, headerNames: endpoint.headerNames, body: JSON.stringify(event) }

const defaultSecret: WebhookSecretResource = {
  object: "webhook_secret",
  createdAt: exampleTimes.submitted,
  previousSecretExpiresAt: null,
}

const recovery: WebhookRecoveryResource = {
  id: recoveryId,
  object: "webhook_recovery",
  endpointId: exampleIds.webhookEndpoint,
  status: "running",
  since: exampleTimes.submitted,
  recovered: 0,
  createdAt: "2026-11-20T19:00:00.000Z",
  finishedAt: null,
}

const endpoints: Operation[] = [
  {
    id: "createWebhookEndpoint",
    method: "post",
    path: "/v1/webhook-endpoints",
    tag,
    summary: "Register a webhook endpoint",
    description:
      "Its secret is in this answer, and in those of rotations, and nowhere else. Targets are https; others only where an operator allows them.",
    scope: "webhooks:write",
    body: {
      content: json(createWebhookEndpointRequest, {
        orders: {
          url: "https://app.example/hooks",
          description: "The orders service",
          events: ["job.succeeded", "job.failed"],
          headers: { "x-team": "orders" },
        },
      }),
    },
    answers: {
      201: {
        description: "It is registered.",
        headers: z.object({ Location: location("/v1/webhook-endpoints/{id}", self) }),
        content: json(webhookEndpointResource, { created: { ...endpoint, secret } }),
      },
    },
  },
  {
    id: "listWebhookEndpoints",
    method: "get",
    path: "/v1/webhook-endpoints",
    tag,
    summary: "List webhook endpoints",
    scope: "webhooks:read",
    query: listWebhookEndpointsQuery,
    isRevalidated: true,
    answers: {
      200: {
        description: "A page, newest first.",
        content: json(pageOf(webhookEndpointResource), { page: { data: [endpoint], nextCursor: null } }),
      },
    },
  },
  {
    id: "getWebhookEndpoint",
    method: "get",
    path: "/v1/webhook-endpoints/{id}",
    tag,
    summary: "Read a webhook endpoint",
    scope: "webhooks:read",
    pathParameters,
    isRevalidated: true,
    answers: { 200: { description: "The endpoint as it is.", content: json(webhookEndpointResource, { endpoint }) } },
  },
  {
    id: "updateWebhookEndpoint",
    method: "patch",
    path: "/v1/webhook-endpoints/{id}",
    tag,
    summary: "Change a webhook endpoint",
    description: "What is left out stays. `enabled: true` also ends an automatic disabling.",
    scope: "webhooks:write",
    pathParameters,
    body: { content: json(updateWebhookEndpointRequest, { pause: { enabled: false }, move: { url: "https://app.example/hooks/v2" } }) },
    answers: { 200: { description: "The endpoint as it is now.", content: json(webhookEndpointResource, { endpoint }) } },
  },
  {
    id: "deleteWebhookEndpoint",
    method: "delete",
    path: "/v1/webhook-endpoints/{id}",
    tag,
    summary: "Remove a webhook endpoint",
    description: "Its deliveries that are not made yet are given up when their time comes.",
    scope: "webhooks:write",
    pathParameters,
    answers: { 204: { description: "It is gone." } },
  },
  {
    id: "testWebhookEndpoint",
    method: "post",
    path: "/v1/webhook-endpoints/{id}/test",
    tag,
    summary: "Send a test event",
    description: "Of the type `webhook.test`, to this endpoint only, whatever it asked for.",
    scope: "webhooks:write",
    pathParameters,
    answers: { 202: { description: "The delivery, which a worker makes.", content: json(deliveryResource, { pending: pendingDelivery }) } },
    problems: ["conflict"],
  },
]

const deliveries: Operation[] = [
  {
    id: "listDeliveries",
    method: "get",
    path: "/v1/webhook-endpoints/{id}/deliveries",
    tag,
    summary: "List deliveries",
    description: "Those to this endpoint with all their tries, newest event first.",
    scope: "webhooks:read",
    pathParameters,
    query: listDeliveriesQuery,
    isRevalidated: true,
    answers: { 200: { description: "A page.", content: json(pageOf(deliveryResource), { page: { data: [delivery], nextCursor: null } }) } },
  },
  {
    id: "getDelivery",
    method: "get",
    path: "/v1/webhook-endpoints/{id}/deliveries/{deliveryId}",
    tag,
    summary: "Read a delivery with what is sent",
    description:
      "For keys that hold `jobs:read` as well with the body, which holds the job. Secrets and the values of headers are not shown.",
    scope: "webhooks:read",
    pathParameters: ofDelivery,
    isRevalidated: true,
    answers: {
      200: {
        description: "The delivery as it is.",
        content: json(deliveryWithRequestResource, { delivery: { ...delivery, request: sent } }),
      },
    },
  },
  {
    id: "redeliver",
    method: "post",
    path: "/v1/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver",
    tag,
    summary: "Make a delivery again",
    description: "Its schedule starts anew. The event keeps its id, so that receivers can drop what they have seen.",
    scope: "webhooks:write",
    pathParameters: ofDelivery,
    answers: { 202: { description: "The delivery as it is now.", content: json(deliveryResource, { pending: pendingDelivery }) } },
  },
  {
    id: "recoverDeliveries",
    method: "post",
    path: "/v1/webhook-endpoints/{id}/recover",
    tag,
    summary: "Make given-up deliveries again",
    description: "All that were given up since then, in the background.",
    scope: "webhooks:write",
    pathParameters,
    body: { content: json(recoverRequest, { sinceNoon: { since: "2026-11-20T12:00:00.000Z" } }) },
    answers: {
      202: {
        description: "The recovery has begun.",
        headers: z.object({ Location: location("/v1/webhook-endpoints/{id}/recoveries/{recoveryId}", `${self}/recoveries/${recoveryId}`) }),
        content: json(webhookRecoveryResource, { running: recovery }),
      },
    },
  },
  {
    id: "getRecovery",
    method: "get",
    path: "/v1/webhook-endpoints/{id}/recoveries/{recoveryId}",
    tag,
    summary: "Read a recovery's progress",
    scope: "webhooks:read",
    pathParameters: pathParameters.extend({ recoveryId: z.string().meta({ description: "The recovery's id.", examples: [recoveryId] }) }),
    isRevalidated: true,
    answers: { 200: { description: "How far it is.", content: json(webhookRecoveryResource, { running: recovery }) } },
  },
]

const secrets: Operation[] = [
  {
    id: "rotateWebhookEndpointSecret",
    method: "post",
    path: "/v1/webhook-endpoints/{id}/rotate-secret",
    tag,
    summary: "Give an endpoint a new secret",
    description: "Until the overlap ends, requests carry signatures of both secrets.",
    scope: "webhooks:write",
    pathParameters,
    body: { isOptional: true, content: json(rotateSecretRequest, { anHour: { overlapMs: 3_600_000 } }) },
    answers: {
      200: {
        description: "The endpoint with its new secret.",
        content: json(webhookEndpointResource, { rotated: { ...endpoint, secret } }),
      },
    },
  },
  {
    id: "getWebhookSecret",
    method: "get",
    path: "/v1/webhook-secret",
    tag,
    summary: "Read the age of the tenant's default secret",
    description: "It signs the webhooks of jobs that bring no secret of their own. To learn a secret, rotate it.",
    scope: "webhooks:read",
    isRevalidated: true,
    answers: { 200: { description: "Since when it is used.", content: json(webhookSecretResource, { secret: defaultSecret }) } },
  },
  {
    id: "rotateWebhookSecret",
    method: "post",
    path: "/v1/webhook-secret/rotate",
    tag,
    summary: "Give the tenant a new default secret",
    description: "Until the overlap ends, requests carry signatures of both secrets.",
    scope: "webhooks:write",
    body: { isOptional: true, content: json(rotateSecretRequest, { atOnce: { overlapMs: 0 } }) },
    answers: { 200: { description: "The new secret.", content: json(webhookSecretResource, { rotated: { ...defaultSecret, secret } }) } },
  },
]

export const webhookOperations = [...endpoints, ...deliveries, ...secrets]
