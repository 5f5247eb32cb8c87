import type { Registry } from "@prometheus-io/client"
import type { DeliveryTry } from "@sluice/core"
import { requestSeconds } from "./buckets.ts"
import { instrumentsOf } from "./instruments.ts"

export interface WebhookMetrics {
  tried(made: Pick<DeliveryTry, "durationMs" | "httpStatus" | "error">): void
  /** `undeliverable`: given up, and a dead letter now. */
  ended(outcome: "delivered" | "undeliverable"): void
  endpointDisabled(reason: string): void
}

export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const { counter, histogram } = instrumentsOf(registry)
  const tries = histogram(
    "sluice_webhook_request_duration_seconds",
    "Requests to receivers, by the class of their answer (2xx, 4xx, 5xx, none).",
    ["status_class"],
    requestSeconds,
  )
  const deliveries = counter("sluice_webhook_deliveries_total", "Deliveries that ended.", ["outcome"])
  const disabled = counter("sluice_webhook_endpoints_disabled_total", "Receivers that were switched off.", ["reason"])
  return {
    tried({ durationMs, httpStatus }) {
      tries.observe({ status_class: httpStatus === null ? "none" : `${Math.floor(httpStatus / 100)}xx` }, durationMs / 1_000)
    },
    ended: (outcome) => deliveries.inc({ outcome }),
    endpointDisabled: (reason) => disabled.inc({ reason }),
  }
}
