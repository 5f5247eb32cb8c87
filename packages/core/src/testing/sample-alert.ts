import type { Alert } from "../alerts/alert.ts"
import { newAlertId } from "../job/job-id.ts"

/** One that fires since the beginning of 2026, of which a channel is to be told. */
export function sampleAlert(overrides: Partial<Alert> = {}): Alert {
  const at = new Date("2026-01-01T00:00:00.000Z")
  return {
    id: newAlertId({ at: overrides.since ?? at }),
    revision: 1,
    rule: "breaker_open",
    when: "breaker_open",
    severity: "ticket",
    state: "firing",
    subject: "endpoint eu",
    labels: { endpoint: "eu", "a.b": "$c" },
    value: 0.5,
    summary: "The breaker of eu is open.",
    advice: "Look at the provider.",
    path: "/dashboard/endpoints",
    since: at,
    firedAt: at,
    resolvedAt: null,
    clearSince: null,
    repeatAt: new Date("2026-01-01T04:00:00.000Z"),
    mutedUntil: null,
    notices: [{ id: "evt_1", channel: "team", event: "firing", createdAt: at, tries: 0, nextTryAt: at, sentAt: null, error: null }],
    ...overrides,
  }
}
