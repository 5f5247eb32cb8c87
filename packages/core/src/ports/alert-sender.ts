import type { Alert, NoticeEvent } from "../alerts/alert.ts"
import type { NoticeResult } from "../alerts/notice.ts"
import type { AlertChannelConfig } from "../configuration/alerts.ts"

/** What a channel is told. */
export interface AlertMessage {
  /** The same over all tries. Letters, digits, `_` and `-`. */
  readonly id: string
  readonly event: NoticeEvent | "test"
  readonly at: Date
  readonly alert: Pick<
    Alert,
    "id" | "rule" | "when" | "severity" | "subject" | "labels" | "value" | "summary" | "advice" | "since" | "firedAt" | "resolvedAt"
  >
  /** Where a person sees more; null: nobody has said where the dashboard is. */
  readonly url: string | null
}

/** Sends messages to people. */
export interface AlertSender {
  /** One try, within a bounded time. Whatever goes wrong is an answer; it rejects only when the signal aborts. */
  send(request: { readonly channel: AlertChannelConfig; readonly message: AlertMessage }, signal: AbortSignal): Promise<NoticeResult>
}
