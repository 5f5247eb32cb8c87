import type { Delivery, DeliveryTry } from "../delivery/delivery.ts"
import type { WebhookEndpoint } from "../delivery/webhook-endpoint.ts"
import { newEventId, uuidV7Hex } from "../job/job-id.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")

/** A secret as `createWebhookSecret` makes them. */
export const sampleSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

export function sampleWebhookEndpoint(overrides: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  const createdAt = overrides.createdAt ?? t0
  return {
    id: `whe_${uuidV7Hex({ at: createdAt })}`,
    tenantId: "default",
    url: "https://receiver.example/hooks",
    description: null,
    format: "sluice",
    events: ["job.succeeded", "job.failed", "job.cancelled", "job.expired", "batch.completed"],
    headers: {},
    rateLimitPerSecond: null,
    secrets: [{ secret: sampleSecret, createdAt, expiresAt: null }],
    disabled: null,
    failingSince: null,
    createdAt,
    updatedAt: createdAt,
    ...overrides,
  }
}

/** A delivery that is due at once. */
export function sampleDelivery(overrides: Partial<Delivery> = {}): Delivery {
  const createdAt = overrides.createdAt ?? t0
  const eventId = overrides.eventId ?? newEventId({ at: createdAt })
  const target = overrides.target ?? "whe_1"
  return {
    id: `${eventId}:${target}`,
    tenantId: "default",
    eventId,
    eventType: "job.succeeded",
    target,
    jobId: "job_1",
    route: "chat",
    traceparent: null,
    requestId: null,
    url: null,
    secret: null,
    body: "{}",
    lane: target,
    status: "pending",
    tries: [],
    tryCount: 0,
    roundTries: 0,
    nextAttemptAt: createdAt,
    leaseToken: null,
    lastError: null,
    recoveryId: null,
    createdAt,
    deliveredAt: null,
    failedAt: null,
    untoldAt: null,
    ...overrides,
  }
}

export function sampleTry(overrides: Partial<DeliveryTry> = {}): DeliveryTry {
  return { at: new Date("2026-01-01T00:00:01.000Z"), httpStatus: 500, durationMs: 3, error: "status 500", responseBody: "no", ...overrides }
}
