import type { Completion } from "../answers/completion.ts"
import type { AnswerContext } from "../wire/wire.ts"

/** An answer before it is written down. */
export interface MessageOutput {
  readonly completion: Completion
  readonly promptTokens: number
  readonly model: string
}

const STOP_REASON = {
  stop: "end_turn",
  stop_sequence: "stop_sequence",
  length: "max_tokens",
  tool_call: "tool_use",
  content_filter: "refusal",
} as const

/** How a message ends: in the message itself or, when streamed, in its `message_delta`. */
export function stopFields({ finish, stopSequence }: Completion) {
  const stop_details = finish === "content_filter" ? { type: "refusal" as const, category: null, explanation: null } : null
  return { stop_reason: STOP_REASON[finish], stop_sequence: stopSequence, stop_details }
}

/** The body of an answer that is not streamed. */
export function buildMessage(output: MessageOutput, context: AnswerContext) {
  return {
    ...messageHead(output, context),
    content: contentOf(output.completion, context),
    ...stopFields(output.completion),
    usage: buildUsage(output.promptTokens, output.completion.outputTokens),
  }
}

/** What every message says of itself. */
export function messageHead({ model }: MessageOutput, context: AnswerContext) {
  return { id: `msg_${context.id}`, type: "message" as const, role: "assistant" as const, model, container: null, diagnostics: null }
}

export function buildUsage(inputTokens: number, outputTokens: number) {
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cache_creation: null,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: "standard" as const,
    inference_geo: null,
    speed: null,
  }
}

/** The block that the answer consists of, without what it says. */
export function emptyBlock({ toolCall }: Completion, context: AnswerContext) {
  if (toolCall === null) return { type: "text" as const, text: "", citations: null }
  const caller = { type: "direct" as const }
  return { type: "tool_use" as const, id: `toolu_${context.id}`, name: toolCall.name, input: {}, caller }
}

function contentOf(completion: Completion, context: AnswerContext) {
  if (completion.finish === "content_filter") return []
  const block = emptyBlock(completion, context)
  if (block.type === "text") return [{ ...block, text: completion.text }]
  return [{ ...block, input: parseInput(completion.toolCall?.arguments ?? "") }]
}

/** The input of a tool is an object, so of one that was cut off there is nothing to give. */
function parseInput(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
