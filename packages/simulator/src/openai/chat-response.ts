import type { Completion } from "../answers/completion.ts"
import type { AnswerContext } from "../wire/wire.ts"

/** What a service adds to its answers about the content that it filters. */
export interface FilterReport {
  readonly prompt: readonly unknown[]
  choice(finish: Completion["finish"]): unknown
}

/** An answer before it is written down. */
export interface ChatOutput {
  readonly completion: Completion
  /** How many times it is given: the request's `n`. */
  readonly choices: number
  readonly outputTokens: number
  readonly promptTokens: number
  readonly model: string
  readonly filterReport: FilterReport | null
}

const FINISH_REASON = {
  stop: "stop",
  stop_sequence: "stop",
  length: "length",
  tool_call: "tool_calls",
  content_filter: "content_filter",
} as const

export function finishReason(finish: Completion["finish"]): (typeof FINISH_REASON)[Completion["finish"]] {
  return FINISH_REASON[finish]
}

/** The body of an answer that is not streamed. */
export function buildChatCompletion(output: ChatOutput, context: AnswerContext) {
  const { completion, model, filterReport } = output
  const choice = {
    message: {
      role: "assistant" as const,
      content: contentOf(completion),
      refusal: null,
      ...toolCallsOf(completion, context),
      annotations: [],
    },
    logprobs: null,
    finish_reason: finishReason(completion.finish),
    ...(filterReport && { content_filter_results: filterReport.choice(completion.finish) }),
  }
  return {
    id: `chatcmpl-${context.id}`,
    object: "chat.completion" as const,
    created: context.createdSeconds,
    model,
    choices: Array.from({ length: output.choices }, (_, index) => ({ index, ...choice })),
    usage: buildUsage(output),
    service_tier: "default" as const,
    system_fingerprint: "fp_simulated",
    ...(filterReport && { prompt_filter_results: filterReport.prompt }),
  }
}

export function buildUsage({ promptTokens, outputTokens }: ChatOutput) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  }
}

/** The provider's name for the one call of a tool in an answer. */
export function toolCallId(context: AnswerContext): string {
  return `call_${context.id}`
}

function contentOf({ text, toolCall, finish }: Completion): string | null {
  return toolCall !== null || finish === "content_filter" ? null : text
}

function toolCallsOf({ toolCall }: Completion, context: AnswerContext) {
  if (toolCall === null) return {}
  return { tool_calls: [{ id: toolCallId(context), type: "function" as const, function: toolCall }] }
}
