export type WebhookFault = "missing_header" | "invalid_timestamp" | "too_old" | "too_new" | "no_match"

/** A request is not, or not provably, a webhook of ours. Its message says in words what is wrong and what to look at. */
export class WebhookVerificationError extends Error {
  readonly fault: WebhookFault

  constructor(fault: WebhookFault, message: string) {
    super(message)
    this.name = "WebhookVerificationError"
    this.fault = fault
  }
}
