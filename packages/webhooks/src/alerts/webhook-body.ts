import type { AlertMessage } from "@sluice/core"

/** The body for any other receiver, in the form of Sluice's webhooks. */
export function webhookBody({ id, event, at, alert, url }: AlertMessage): string {
  const { id: alertId, rule, when, severity, subject, labels, value, summary, advice, since, firedAt, resolvedAt } = alert
  const data = {
    id: alertId,
    object: "alert",
    ...{ rule, when, severity, subject, labels, value, summary, advice },
    since: since.toISOString(),
    firedAt: firedAt?.toISOString() ?? null,
    resolvedAt: resolvedAt?.toISOString() ?? null,
    url,
  }
  return JSON.stringify({ id, type: `alert.${event}`, timestamp: at.toISOString(), apiVersion: "1", data })
}
