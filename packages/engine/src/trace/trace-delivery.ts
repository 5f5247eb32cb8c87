import type { Delivery, Span, Tracer, WebhookAnswer } from "@sluice/core"
import { portOf } from "./gen-ai.ts"

/**
 * One request to a receiver, in the trace of the job or batch that it tells of. Of its address only the host is written down: paths and
 * queries of webhooks are often secrets.
 */
export function startDeliverySpan(tracer: Tracer, delivery: Delivery, receiverUrl: string): Span {
  const url = URL.parse(receiverUrl)
  return tracer.start({
    name: `webhook ${delivery.eventType}`,
    kind: "client",
    parent: delivery.traceparent,
    attributes: {
      "http.request.method": "POST",
      "http.request.resend_count": delivery.tryCount > 0 ? delivery.tryCount : null,
      "server.address": url?.hostname,
      "server.port": url ? portOf(url) : null,
      "sluice.event.id": delivery.eventId,
      "sluice.event.type": delivery.eventType,
      "sluice.delivery.target": delivery.target,
      "sluice.delivery.try": delivery.tryCount + 1,
      "sluice.tenant.id": delivery.tenantId,
      "sluice.job.id": delivery.jobId,
      "sluice.route": delivery.route,
      "sluice.request.id": delivery.requestId,
    },
  })
}

export function describeAnswer(span: Span, answer: WebhookAnswer): void {
  if (answer.kind === "unanswered") {
    span.fail(answer.reason)
    return
  }
  span.set({ "http.response.status_code": answer.httpStatus })
  if (answer.httpStatus >= 300) span.fail(String(answer.httpStatus))
}
