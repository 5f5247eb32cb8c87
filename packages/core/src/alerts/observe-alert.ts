import type { Alert, Finding, Notice, NoticeEvent } from "./alert.ts"
import type { AlertRule } from "./alert-rule.ts"

/** Those of long ago tell nobody anything. */
const maxNoticesKept = 50

export interface Observation {
  readonly rule: Pick<AlertRule, "name" | "when" | "severity" | "forMs" | "clearMs" | "repeatMs" | "channels">
  /** What was found of its subject; null: the condition does not hold. */
  readonly finding: Finding | null
  readonly at: Date
  readonly newAlertId: () => string
  readonly newNoticeId: () => string
}

/** What has to be written. */
export type AlertChange =
  | { readonly kind: "none" }
  | { readonly kind: "insert" | "replace"; readonly alert: Alert }
  /** It never fired, and is gone. */
  | { readonly kind: "remove"; readonly alert: Alert }

const none: AlertChange = { kind: "none" }

/** What becomes of an alert, or of none, by what was found of it: the whole machine. */
export function observeAlert(alert: Alert | null, observation: Observation): AlertChange {
  const { finding } = observation
  if (alert === null) return finding === null ? none : { kind: "insert", alert: fireWhenDue(begun(finding, observation), observation) }
  if (alert.state === "resolved") return none
  if (finding !== null) return goneOn(alert, finding, observation)
  if (alert.state === "pending") return { kind: "remove", alert }
  return cleared(alert, observation)
}

function begun(finding: Finding, { rule, at, newAlertId }: Observation): Alert {
  return {
    ...finding,
    id: newAlertId(),
    revision: 1,
    rule: rule.name,
    when: rule.when,
    severity: rule.severity,
    state: "pending",
    since: at,
    firedAt: null,
    resolvedAt: null,
    clearSince: null,
    repeatAt: null,
    mutedUntil: null,
    notices: [],
  }
}

function goneOn(alert: Alert, finding: Finding, observation: Observation): AlertChange {
  const told = { ...alert, ...finding, severity: observation.rule.severity, clearSince: null }
  const next = alert.state === "pending" ? fireWhenDue(told, observation) : remindWhenDue(told, observation)
  return hasChanged(alert, next) ? { kind: "replace", alert: next } : none
}

function fireWhenDue(alert: Alert, observation: Observation): Alert {
  const { rule, at } = observation
  if (at.getTime() - alert.since.getTime() < rule.forMs) return alert
  const fired = { ...alert, state: "firing" as const, firedAt: at, repeatAt: later(at, rule.repeatMs) }
  return withNotices(fired, "firing", rule.channels, observation)
}

function remindWhenDue(alert: Alert, observation: Observation): Alert {
  const { rule, at } = observation
  if (alert.repeatAt === null || alert.repeatAt > at) return alert
  const next = { ...alert, repeatAt: later(at, rule.repeatMs) }
  if (alert.mutedUntil !== null && alert.mutedUntil > at) return next
  // A channel that has not been told yet will be told what is so by then.
  const reached = rule.channels.filter((channel) => !alert.notices.some((notice) => notice.channel === channel && notice.nextTryAt))
  return withNotices(next, "reminder", reached, observation)
}

function cleared(alert: Alert, observation: Observation): AlertChange {
  const { rule, at } = observation
  const clearSince = alert.clearSince ?? at
  if (at.getTime() - clearSince.getTime() < rule.clearMs) {
    return alert.clearSince === null ? { kind: "replace", alert: { ...alert, clearSince } } : none
  }
  const told = [...new Set(alert.notices.map(({ channel }) => channel))]
  // What has not gone out by now is overtaken: the one message says that it was, and that it is over.
  const notices = alert.notices.map((notice) => (notice.nextTryAt === null ? notice : { ...notice, nextTryAt: null, error: "overtaken" }))
  const resolved = { ...alert, notices, state: "resolved" as const, resolvedAt: at, clearSince, repeatAt: null }
  return { kind: "replace", alert: withNotices(resolved, "resolved", told, observation) }
}

function withNotices(alert: Alert, event: NoticeEvent, channels: readonly string[], { at, newNoticeId }: Observation): Alert {
  const made = channels.map((channel): Notice => {
    return { id: newNoticeId(), channel, event, createdAt: at, tries: 0, nextTryAt: at, sentAt: null, error: null }
  })
  return { ...alert, notices: [...alert.notices, ...made].slice(-maxNoticesKept) }
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms)
}

function hasChanged(before: Alert, after: Alert): boolean {
  return JSON.stringify(before) !== JSON.stringify(after)
}
