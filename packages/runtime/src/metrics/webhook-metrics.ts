import { Counter, Histogram, type Registry } from "@prometheus-io/client"
import type { DeliveryTry } from "@sluice/core"
import { requestSeconds } from "./buckets.ts"

export interface WebhookMetrics {
  tried(made: Pick<DeliveryTry, "durationMs" | "httpStatus" | "error">): void
  /** `undeliverable`: given up, and a dead letter now. */
  ended(outcome: "delivered" | "undeliverable"): void
  endpointDisabled(reason: string): void
}

export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry]
  const tries = new Histogram({
    name: "sluice_webhook_request_duration_seconds",
    help: "Requests to receivers, by the class of their answer (2xx, 4xx, 5xx, none).",
    labelNames: ["status_class"],
    buckets: requestSeconds,
    registers,
  })
  const deliveries = new Counter({
    name: "sluice_webhook_deliveries_total",
    help: "Deliveries that ended.",
    labelNames: ["outcome"],
    registers,
  })
  const disabled = new Counter({
    name: "sluice_webhook_endpoints_disabled_total",
    help: "Receivers that were switched off.",
    labelNames: ["reason"],
    registers,
  })
  return {
    tried({ durationMs, httpStatus }) {
      tries.observe({ status_class: httpStatus === null ? "none" : `${Math.floor(httpStatus / 100)}xx` }, durationMs / 1_000)
    },
    ended: (outcome) => deliveries.inc({ outcome }),
    endpointDisabled: (reason) => disabled.inc({ reason }),
  }
}
