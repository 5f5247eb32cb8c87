import {
  type BatchWebhook,
  batchTarget,
  type Delivery,
  type Job,
  jobTarget,
  type Origin,
  settleDelivery,
  type WebhookEndpoint,
} from "@sluice/core"

/** An event that is ready to be sent; its origin is that of the job or batch that it tells of. */
export interface ReadyEvent extends Origin {
  readonly id: string
  readonly type: string
  readonly tenantId: string
  readonly jobId: string | null
  readonly route: string | null
  readonly body: string
}

export interface DeliveryTimes {
  readonly at: Date
  /** Of the schedule: before the first try. */
  readonly firstWaitMs: number
}

/** To an endpoint that is disabled, the delivery is given up from the start, so that a recovery finds it. */
export function deliveryToEndpoint(event: ReadyEvent, endpoint: WebhookEndpoint, times: DeliveryTimes): Delivery {
  // The receiver's tenant: events about what all tenants share reach each under its own name.
  const delivery = { ...newDelivery(event, endpoint.id, times), tenantId: endpoint.tenantId, lane: endpoint.id }
  if (!endpoint.disabled) return delivery
  const error = `The endpoint was disabled (${endpoint.disabled.reason}) when the event came. Enable it, then recover what it missed.`
  return settleDelivery(delivery, { kind: "failed", made: null, at: times.at, error })
}

/** Lanes go by the receiver's origin, so that a receiver that hangs holds up no other of the tenant's. */
export function deliveryToJobWebhook(event: ReadyEvent, { url, secret }: NonNullable<Job["webhook"]>, times: DeliveryTimes): Delivery {
  return { ...newDelivery(event, jobTarget, times), url, secret, lane: laneOf(event, url) }
}

/** Shares the lane of the webhooks of jobs, since it is the same receiver. */
export function deliveryToBatchWebhook(event: ReadyEvent, { url, secret }: BatchWebhook, times: DeliveryTimes): Delivery {
  return { ...newDelivery(event, batchTarget, times), url, secret, lane: laneOf(event, url) }
}

function laneOf({ tenantId }: ReadyEvent, url: string): string {
  return `${jobTarget}:${tenantId}:${URL.parse(url)?.origin ?? url}`
}

function newDelivery({ id, type, ...event }: ReadyEvent, target: string, { at, firstWaitMs }: DeliveryTimes): Delivery {
  return {
    ...event,
    id: `${id}:${target}`,
    eventId: id,
    eventType: type,
    target,
    url: null,
    secret: null,
    lane: target,
    status: "pending",
    tries: [],
    tryCount: 0,
    roundTries: 0,
    nextAttemptAt: new Date(at.getTime() + firstWaitMs),
    leaseToken: null,
    lastError: null,
    recoveryId: null,
    createdAt: at,
    deliveredAt: null,
    failedAt: null,
    untoldAt: null,
  }
}
