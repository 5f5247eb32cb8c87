import type { AlertKind, Severity } from "../configuration/alerts.ts"

/** A condition of a rule that was found to hold. */
export interface Finding {
  /** Of what: with the rule's name it tells one alert from another. */
  readonly subject: string
  readonly labels: Readonly<Record<string, string>>
  /** What the rule compares, where that is a number. */
  readonly value: number | null
  /** One sentence: what is wrong, with its figures. */
  readonly summary: string
  /** What to do about it. */
  readonly advice: string
  /** Where the dashboard shows it. */
  readonly path: string
}

export const alertStates = ["pending", "firing", "resolved"] as const
export type AlertState = (typeof alertStates)[number]

export const noticeEvents = ["firing", "reminder", "resolved"] as const
export type NoticeEvent = (typeof noticeEvents)[number]

/** A message to one channel. It stays with its alert, so that one write makes both. */
export interface Notice {
  /** The same over all tries. */
  readonly id: string
  readonly channel: string
  readonly event: NoticeEvent
  readonly createdAt: Date
  readonly tries: number
  /** Null: it was sent, or given up. */
  readonly nextTryAt: Date | null
  readonly sentAt: Date | null
  /** Why the last try failed. */
  readonly error: string | null
}

/** What a rule found, from the first time until it is over. For a rule and a subject there is one at a time that is not over. */
export interface Alert extends Finding {
  readonly id: string
  /** Raised by every write, which takes place only on the one that was read. */
  readonly revision: number
  readonly rule: string
  readonly when: AlertKind
  readonly severity: Severity
  readonly state: AlertState
  /** Since when the condition holds. */
  readonly since: Date
  readonly firedAt: Date | null
  readonly resolvedAt: Date | null
  /** Since when the condition is gone, while the alert is not over for it yet. */
  readonly clearSince: Date | null
  readonly repeatAt: Date | null
  /** Until then nothing is sent but that it is over. */
  readonly mutedUntil: Date | null
  readonly notices: readonly Notice[]
}

/** What tells an alert from another. */
export function alertKeyOf({ rule, subject }: Pick<Alert, "rule" | "subject">): string {
  return `${rule} ${subject}`
}

/** When the next of its messages is due; null: none is. */
export function noticeDueAt({ notices }: Pick<Alert, "notices">): Date | null {
  const times = notices.flatMap(({ nextTryAt }) => (nextTryAt === null ? [] : [nextTryAt.getTime()]))
  return times.length === 0 ? null : new Date(Math.min(...times))
}
