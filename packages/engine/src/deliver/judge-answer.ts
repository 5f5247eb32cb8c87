import type { DeliveryTry, WebhookAnswer } from "@sluice/core"

/** What a try came to. */
export interface Judgement {
  readonly made: DeliveryTry
  readonly verdict: "delivered" | "failed" /** The receiver says that it wants no more, ever. */ | "gone"
  readonly retryAfterMs: number | null
  /** The receiver is overloaded or not there: other deliveries of its lane had better wait too. */
  readonly isOverloaded: boolean
}

const gone = 410
const overloaded: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Only 2xx means that the receiver took the event; redirects are not followed (Standard Webhooks). */
export function judgeAnswer(answer: WebhookAnswer, { at }: { readonly at: Date }): Judgement {
  const { durationMs } = answer
  if (answer.kind === "unanswered") {
    const made = { at, httpStatus: null, durationMs, error: answer.message, responseBody: null }
    return { made, verdict: "failed", retryAfterMs: null, isOverloaded: answer.reason === "timeout" }
  }
  const { httpStatus, retryAfterMs, responseBody } = answer
  const isTaken = httpStatus >= 200 && httpStatus < 300
  const made = { at, httpStatus, durationMs, error: isTaken ? null : errorOf(httpStatus), responseBody }
  if (isTaken) return { made, verdict: "delivered", retryAfterMs: null, isOverloaded: false }
  return { made, verdict: httpStatus === gone ? "gone" : "failed", retryAfterMs, isOverloaded: overloaded.has(httpStatus) }
}

function errorOf(httpStatus: number): string {
  if (httpStatus === gone) return "The receiver answered 410: it is gone for good."
  if (httpStatus >= 300 && httpStatus < 400)
    return `The receiver answered ${httpStatus}: redirects are not followed. Register the final URL.`
  return `The receiver answered ${httpStatus}; 200 to 299 would mean that it took the event.`
}
