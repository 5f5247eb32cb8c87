import { setTimeout as sleep } from "node:timers/promises"
import {
  type Clock,
  type CreateWebhookEndpointRequest,
  createWebhookSecret,
  type Delivery,
  type DeliveryStore,
  defaultEventTypes,
  newEventId,
  noOrigin,
  openaiEventTypes,
  testEventType,
  type UpdateWebhookEndpointRequest,
  uuidV7Hex,
  type WebhookEndpoint,
  type WebhookEndpointChanges,
  type WebhookEndpointRef,
  type WebhookEndpointStore,
  type WebhookRecovery,
  type WebhookSecret,
} from "@sluice/core"
import { eventBody } from "./event-body.ts"
import { listenersKnownAfterMs } from "./listeners.ts"
import { deliveryToEndpoint } from "./make-delivery.ts"

/** What is wrong with a webhook's URL and what to do, in words; null when it may be used. */
export type CheckWebhookUrl = (url: string) => string | null

export interface WebhookEndpointsDependencies {
  readonly endpoints: WebhookEndpointStore
  readonly deliveries: DeliveryStore
  readonly checkUrl: CheckWebhookUrl
  readonly clock: Clock
  /** Only tests bring their own. */
  readonly rest?: (ms: number) => Promise<unknown>
}

export type UrlRefused = { readonly kind: "url_refused"; readonly message: string }
export type ChangeOutcome = { readonly kind: "changed"; readonly endpoint: WebhookEndpoint } | UrlRefused | { readonly kind: "missing" }
export type TestOutcome =
  | { readonly kind: "sent"; readonly delivery: Delivery }
  | { readonly kind: "disabled"; readonly reason: string }
  | { readonly kind: "missing" }

/** Which events there are to ask for depends on the format. */
type AskedFor<Body> = Omit<Body, "events"> & { readonly events?: readonly string[] | null | undefined }

/** What tenants do with their webhook endpoints, beside reading. */
export interface WebhookEndpoints {
  /** Resolves once every job that ends from then on is told to it. So does a change of what it hears of. */
  create(request: {
    readonly tenantId: string
    readonly body: AskedFor<CreateWebhookEndpointRequest>
    readonly format: WebhookEndpoint["format"]
  }): Promise<{ readonly kind: "created"; readonly endpoint: WebhookEndpoint } | UrlRefused>
  update(request: WebhookEndpointRef & { readonly body: AskedFor<UpdateWebhookEndpointRequest> }): Promise<ChangeOutcome>
  /** Makes a new secret; null when there is no such endpoint. */
  rotateSecret(request: WebhookEndpointRef & { readonly overlapMs: number | null }): Promise<WebhookEndpoint | null>
  /** The same for the tenant's default secret. Newest first. */
  rotateTenantSecret(request: { readonly tenantId: string; readonly overlapMs: number | null }): Promise<readonly WebhookSecret[]>
  /** Has a test event delivered to the endpoint, whatever it asks for. */
  test(ref: WebhookEndpointRef): Promise<TestOutcome>
  /** Has what was given up since then delivered anew, step by step; null when there is no such endpoint. */
  recover(request: WebhookEndpointRef & { readonly since: Date }): Promise<WebhookRecovery | null>
}

const defaultOverlapMs = 86_400_000

export function createWebhookEndpoints(dependencies: WebhookEndpointsDependencies): WebhookEndpoints {
  const { endpoints, deliveries, checkUrl, clock, rest = sleep } = dependencies
  const rotation = (overlapMs: number | null) => {
    return { secret: createWebhookSecret(), at: clock(), overlapMs: overlapMs ?? defaultOverlapMs }
  }
  return {
    async create({ tenantId, body, format }) {
      const message = checkUrl(body.url)
      if (message !== null) return { kind: "url_refused", message }
      const endpoint = newEndpoint({ tenantId, body, format, at: clock() })
      await endpoints.insert(endpoint)
      await rest(listenersKnownAfterMs)
      return { kind: "created", endpoint }
    },
    async update({ body, ...ref }) {
      const message = body.url === undefined ? null : checkUrl(body.url)
      if (message !== null) return { kind: "url_refused", message }
      const at = clock()
      const endpoint = await endpoints.update({ ...ref, at, changes: changesOf(body, at) })
      if (endpoint && hearsMore(body)) await rest(listenersKnownAfterMs)
      return endpoint ? { kind: "changed", endpoint } : { kind: "missing" }
    },
    rotateSecret: ({ overlapMs, ...ref }) => endpoints.rotateSecret({ ...ref, ...rotation(overlapMs) }),
    rotateTenantSecret: ({ tenantId, overlapMs }) => endpoints.rotateTenantSecret({ tenantId, ...rotation(overlapMs) }),
    async test(ref) {
      const endpoint = await endpoints.find(ref)
      if (!endpoint) return { kind: "missing" }
      if (endpoint.disabled) return { kind: "disabled", reason: endpoint.disabled.reason }
      const delivery = testDelivery(endpoint, clock())
      await deliveries.insert([delivery])
      return { kind: "sent", delivery }
    },
    async recover({ since, tenantId, id }) {
      const endpoint = await endpoints.find({ tenantId, id })
      if (!endpoint) return null
      const createdAt = clock()
      const recovery = { id: `rec_${uuidV7Hex({ at: createdAt })}`, tenantId, endpointId: id, since, createdAt, finishedAt: null }
      await endpoints.insertRecovery(recovery)
      return recovery
    },
  }
}

interface NewEndpoint {
  readonly tenantId: string
  readonly body: AskedFor<CreateWebhookEndpointRequest>
  readonly format: WebhookEndpoint["format"]
  readonly at: Date
}

function newEndpoint({ tenantId, body, format, at }: NewEndpoint): WebhookEndpoint {
  return {
    id: `whe_${uuidV7Hex({ at })}`,
    tenantId,
    url: body.url,
    description: body.description ?? null,
    format,
    events: body.events ?? (format === "openai" ? openaiEventTypes : defaultEventTypes),
    headers: body.headers ?? {},
    rateLimitPerSecond: body.rateLimitPerSecond ?? null,
    secrets: [{ secret: createWebhookSecret(), createdAt: at, expiresAt: null }],
    disabled: null,
    failingSince: null,
    createdAt: at,
    updatedAt: at,
  }
}

function hearsMore({ events, enabled }: AskedFor<UpdateWebhookEndpointRequest>): boolean {
  return events !== undefined || enabled === true
}

/** Enabling forgets the failures too, lest the next one disable the endpoint again. */
function changesOf(
  { url, description, events, headers, rateLimitPerSecond, enabled }: AskedFor<UpdateWebhookEndpointRequest>,
  at: Date,
): WebhookEndpointChanges {
  return {
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
    ...(events !== undefined && { events: events ?? defaultEventTypes }),
    ...(headers !== undefined && { headers: headers ?? {} }),
    ...(rateLimitPerSecond !== undefined && { rateLimitPerSecond }),
    ...(enabled === true && { disabled: null, failingSince: null }),
    ...(enabled === false && { disabled: { reason: "manual", at } }),
  }
}

function testDelivery(endpoint: WebhookEndpoint, at: Date): Delivery {
  const id = newEventId({ at })
  const body = eventBody({ id, type: testEventType, at, data: { message: "This is a test.", endpointId: endpoint.id } })
  const event = { id, type: testEventType, tenantId: endpoint.tenantId, jobId: null, route: null, ...noOrigin, body }
  return deliveryToEndpoint(event, endpoint, { at, firstWaitMs: 0 })
}
