import type { Delivery, WebhookAnswer, WebhookEndpoint, WebhookRequest, WebhookSender } from "@sluice/core"
import { createMemoryDeliveryStore, createMemoryWebhookEndpointStore, sampleDelivery, sampleWebhookEndpoint } from "@sluice/core/testing"
import { onTestFinished } from "vitest"
import { createDeliverer } from "../deliverer.ts"
import type { DeliverySettings } from "../delivery-settings.ts"

export const answered = (httpStatus: number, retryAfterMs: number | null = null): WebhookAnswer => {
  return { kind: "answered", httpStatus, retryAfterMs, durationMs: 1, responseBody: "" }
}
export const timedOut: WebhookAnswer = { kind: "unanswered", reason: "timeout", message: "No answer within 15000 ms.", durationMs: 15_000 }

export interface DeliveryHarnessOptions {
  readonly answer: (request: WebhookRequest, signal: AbortSignal) => Promise<WebhookAnswer>
  readonly settings?: Partial<DeliverySettings>
}

/** A deliverer over stores in memory; the clock is the test's own, and ticks only when told. */
export function createDeliveryHarness({ answer, settings = {} }: DeliveryHarnessOptions) {
  let now = new Date("2026-01-01T00:00:00.000Z")
  const clock = () => now
  const deliveries = createMemoryDeliveryStore()
  const endpoints = createMemoryWebhookEndpointStore()
  const sent: WebhookRequest[] = []
  const log: { readonly event: string; readonly detail: unknown }[] = []
  const sender: WebhookSender = {
    send(request, signal) {
      sent.push(request)
      return answer(request, signal)
    },
    close: () => Promise.resolve(),
  }
  let tokens = 0
  const deliverer = createDeliverer({
    deliveries,
    endpoints,
    sender,
    clock,
    random: () => 0,
    settings: () => ({ scheduleMs: [0, 5_000, 300_000], timeoutMs: 15_000, disableAfterMs: 86_400_000, ...settings }),
    newToken: () => `token-${++tokens}`,
    pollMs: 1,
    observer: {
      tried: ({ made }) => log.push({ event: "tried", detail: made.httpStatus }),
      failed: ({ error }) => log.push({ event: "failed", detail: error }),
      endpointDisabled: ({ reason }) => log.push({ event: "disabled", detail: reason }),
      troubled: (error) => log.push({ event: "troubled", detail: error }),
    },
  })
  onTestFinished(() => deliverer.close({ graceMs: 0 }))

  return {
    deliverer,
    deliveries,
    endpoints,
    sent,
    log,
    clock,
    advance(ms: number) {
      now = new Date(now.getTime() + ms)
      deliverer.wake()
    },
    async endpoint(overrides: Partial<WebhookEndpoint> = {}): Promise<WebhookEndpoint> {
      const endpoint = sampleWebhookEndpoint(overrides)
      await endpoints.insert(endpoint)
      return endpoint
    },
    async deliver(to: WebhookEndpoint, overrides: Partial<Delivery> = {}): Promise<() => Promise<Delivery | null>> {
      const made = sampleDelivery({ target: to.id, lane: to.id, createdAt: now, ...overrides })
      await deliveries.insert([made])
      deliverer.wake()
      return () => deliveries.find(made)
    },
  }
}
