import type { Delivery, DeliveryTry, DisabledReason, WebhookEndpoint } from "@sluice/core"

/** What deliveries tell about themselves, for logs and metrics. */
export interface DeliveryObserver {
  tried(event: { readonly delivery: Delivery; readonly made: DeliveryTry; readonly nextAttemptAt: Date | null }): void
  /** Given up: it is a dead letter now. */
  failed(event: { readonly delivery: Delivery; readonly error: string }): void
  /** For people to see to: the endpoint gets nothing any more. */
  endpointDisabled(event: { readonly endpoint: WebhookEndpoint; readonly reason: DisabledReason; readonly failingSince: Date | null }): void
  /** Something of our own failed; deliveries are tried again. */
  troubled(error: unknown): void
}
