import type { MetricsRegistry } from "@sluice/runtime"
import type { RequestHandler } from "express"

/** `GET /metrics`, in the text format of Prometheus. */
export function metricsHandler({ registry }: { readonly registry: MetricsRegistry }): RequestHandler {
  return async function handleMetrics(_request, response) {
    const body = await registry.metrics()
    response.setHeader("Content-Type", registry.contentType)
    response.setHeader("Cache-Control", "no-store")
    response.end(body)
  }
}
