export interface WebhookRequest {
  readonly url: string
  /** Sent as they are: the signature's headers, the endpoint's own, content-type. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For the whole attempt: name, connection, answer. */
  readonly timeoutMs: number
}
export type WebhookAnswer =
  | {
      readonly kind: "answered"
      /** Redirects are not followed, so a 3xx is one of them. */
      readonly httpStatus: number
      /** As the receiver asked, a day at most; null when it did not. */
      readonly retryAfterMs: number | null
      readonly durationMs: number
      /** The beginning, as text. */
      readonly responseBody: string
    }
  /** No answer: refused by the address guard, no connection, time-out. The message is for the owner of the receiver. */
  | {
      readonly kind: "unanswered"
      readonly reason: "address_refused" | "timeout" | "network"
      readonly message: string
      readonly durationMs: number
    }
export interface WebhookSender {
  /**
   * Makes one attempt to deliver by POST. Whatever goes wrong is an answer; it rejects only, with the signal's reason, when the
   * signal aborts before the receiver's status is known. Once that is known, it counts, however the body ends.
   */
  send(request: WebhookRequest, signal: AbortSignal): Promise<WebhookAnswer>
  /** Waits for attempts in flight, then closes connections. */
  close(): Promise<void>
}
