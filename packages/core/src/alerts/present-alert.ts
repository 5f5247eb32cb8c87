import type { AlertResource } from "../contract/alert-resource.ts"
import type { Alert, Notice } from "./alert.ts"

/** An alert on the wire. `publicUrl` is where people reach the API. */
export function presentAlert(alert: Alert, { publicUrl }: { readonly publicUrl: string | null }): AlertResource {
  const { id, rule, when, severity, state, subject, labels, value, summary, advice, notices } = alert
  return {
    id,
    object: "alert",
    ...{ rule, when, severity, state, subject, labels, value, summary, advice },
    since: alert.since.toISOString(),
    firedAt: alert.firedAt?.toISOString() ?? null,
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    mutedUntil: alert.mutedUntil?.toISOString() ?? null,
    url: urlOfAlert(alert, publicUrl),
    notices: notices.map(presentNotice),
  }
}

/** Where a person sees more of it; null: nobody has said where the dashboard is. */
export function urlOfAlert({ path }: Pick<Alert, "path">, publicUrl: string | null): string | null {
  return publicUrl === null ? null : `${publicUrl.replace(/\/+$/, "")}${path}`
}

function presentNotice({ channel, event, createdAt, tries, sentAt, nextTryAt, error }: Notice): AlertResource["notices"][number] {
  return {
    ...{ channel, event, createdAt: createdAt.toISOString(), tries },
    sentAt: sentAt?.toISOString() ?? null,
    nextTryAt: nextTryAt?.toISOString() ?? null,
    error,
  }
}
