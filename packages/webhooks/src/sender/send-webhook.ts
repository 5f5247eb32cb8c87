import type { Clock, WebhookAnswer, WebhookRequest } from "@sluice/core"
import type { Dispatcher } from "undici"
import { checkWebhookUrl } from "../guard/check-webhook-url.ts"
import type { WebhookPolicy } from "../guard/webhook-policy.ts"
import { AddressRefusedError } from "./address-refused-error.ts"
import { describeFailure } from "./describe-failure.ts"
import { readBodyStart } from "./read-body-start.ts"
import { completeHeaders, webhookHeadersProblem } from "./request-headers.ts"
import { retryAfterMsOf } from "./retry-after.ts"
import { untilAborted } from "./until-aborted.ts"
import { withTimeout } from "./with-timeout.ts"

export interface SendingContext {
  readonly dispatcher: Dispatcher
  readonly policy: WebhookPolicy
  readonly clock: Clock
  readonly signal: AbortSignal
}

type Unanswered = Extract<WebhookAnswer, { kind: "unanswered" }>

/** One attempt, as `WebhookSender.send` promises it. */
export async function sendWebhook(request: WebhookRequest, context: SendingContext): Promise<WebhookAnswer> {
  context.signal.throwIfAborted()
  const startedAtMs = performance.now()
  const durationMs = (): number => Math.round(performance.now() - startedAtMs)
  const unanswered = (reason: Unanswered["reason"], message: string): Unanswered => {
    return { kind: "unanswered", reason, message, durationMs: durationMs() }
  }

  const verdict = checkWebhookUrl(request.url, context.policy)
  if (!verdict.ok) return unanswered("address_refused", verdict.message)
  const problem = webhookHeadersProblem(request.headers)
  if (problem !== null) return unanswered("network", problem)

  return await withTimeout({ signal: context.signal, timeoutMs: request.timeoutMs }, async (signal) => {
    try {
      const answer = await exchange({ ...request, url: verdict.url }, context, signal)
      return { kind: "answered", ...answer, durationMs: durationMs() }
    } catch (error) {
      if (context.signal.aborted) throw context.signal.reason
      if (signal.aborted) return unanswered("timeout", `No answer within ${request.timeoutMs} ms.`)
      if (error instanceof AddressRefusedError) return unanswered("address_refused", error.message)
      const { reason, message } = describeFailure(error)
      return unanswered(reason, message)
    }
  })
}

async function exchange(request: WebhookRequest, { dispatcher, clock }: SendingContext, signal: AbortSignal) {
  const { origin, pathname, search } = new URL(request.url)
  const path = `${pathname}${search}`
  const pending = dispatcher.request({
    origin,
    path,
    method: "POST",
    headers: completeHeaders(request.headers),
    body: request.body,
    signal,
  })
  const { statusCode, headers, body } = await untilAborted(pending, signal)
  const retryAfterMs = retryAfterMsOf(headers["retry-after"], clock())
  const encoding = headers["content-encoding"]
  return {
    httpStatus: statusCode,
    retryAfterMs,
    responseBody: await readBodyStart(body, Array.isArray(encoding) ? encoding.join(", ") : encoding),
  }
}
