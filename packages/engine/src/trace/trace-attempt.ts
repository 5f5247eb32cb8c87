import type { Attempt, Endpoint, Span, Tracer, Work } from "@sluice/core"
import type { CallOutcome } from "../execute/call-endpoint.ts"
import { contentAttributes, operationOf, requestAttributes } from "./gen-ai.ts"

export interface TracedAttempt {
  /** Of the execution that made it. */
  readonly parent: Span
  readonly attempt: Attempt
  readonly endpoint: Endpoint
  readonly outcome: CallOutcome
  readonly work: Work
}

/**
 * A call to a provider as a span of its own. Written once the call has ended, from its line of the ledger: nothing goes on with it,
 * since providers are told nothing of our traces.
 */
export function traceAttempt(tracer: Tracer, { parent, attempt, endpoint, outcome, work }: TracedAttempt): void {
  if (!parent.isRecording) return
  const answer = outcome.kind === "answered" ? outcome.answer : null
  const span = tracer.start({
    name: `${operationOf(work)} ${endpoint.model}`,
    kind: "client",
    parent,
    at: attempt.startedAt,
    attributes: {
      ...requestAttributes(endpoint, work),
      "gen_ai.response.model": answer?.model,
      "gen_ai.usage.input_tokens": attempt.usage?.inputTokens,
      "gen_ai.usage.output_tokens": attempt.usage?.outputTokens,
      "gen_ai.usage.cache_read.input_tokens": attempt.usage?.cachedInputTokens,
      "gen_ai.response.finish_reasons": answer?.generated.kind === "chat" ? [answer.generated.output.finishReason] : null,
      "http.response.status_code": attempt.httpStatus,
      ...ledgerAttributes(attempt),
      ...(tracer.keepsContent && contentAttributes(work, answer?.generated ?? null)),
    },
  })
  if (attempt.errorType !== null) span.fail(attempt.errorType)
  else if (attempt.outcome === "cancelled") span.fail(outcome.kind === "out_of_time" ? "deadline" : "cancelled")
  span.end(new Date(attempt.startedAt.getTime() + attempt.durationMs))
}

function ledgerAttributes(attempt: Attempt) {
  return {
    "sluice.endpoint": attempt.endpoint,
    "sluice.region": attempt.region,
    "sluice.tier": attempt.tier,
    "sluice.attempt.number": attempt.number,
    "sluice.attempt.outcome": attempt.outcome,
    "sluice.attempt.charged": attempt.charged,
    "sluice.attempt.cost_usd": attempt.costUsd,
    "sluice.provider_request_id": attempt.providerRequestId,
    "sluice.batch_call.id": attempt.batchCallId,
    "sluice.credential": attempt.credential,
  }
}
