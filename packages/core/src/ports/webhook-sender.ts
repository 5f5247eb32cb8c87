export interface WebhookRequest {
  readonly url: string
  /** Sent as they are: the signature's headers, the endpoint's own, content-type. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}
export type WebhookAnswer =
  | {
      readonly kind: "answered"
      readonly httpStatus: number
      readonly retryAfterMs: number | null
      readonly durationMs: number
      readonly responseBody: string
    }
  /** No answer: refused by the address guard, no connection, time-out. */
  | {
      readonly kind: "unanswered"
      readonly reason: "address_refused" | "timeout" | "network"
      readonly message: string
      readonly durationMs: number
    }
export interface WebhookSender {
  send(request: WebhookRequest, signal: AbortSignal): Promise<WebhookAnswer>
  close(): Promise<void>
}
