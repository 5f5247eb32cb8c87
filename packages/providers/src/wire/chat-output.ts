import type { ChatInput, ChatOutput, FinishReason, GeneratedOutput, Json, ToolCall, Usage } from "@sluice/core"
import { CallError } from "./call-error.ts"

export interface ChatAnswer {
  readonly input: ChatInput
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  readonly finishReason: FinishReason
  /** What the provider says of a refusal. Null when it says nothing. */
  readonly refusal: string | null
  readonly usage: Usage | null
}

/** The output of a chat. Throws `CallError` `content_filter` when the answer was withheld altogether. */
export function chatOutputOf(answer: ChatAnswer): Extract<GeneratedOutput, { kind: "chat" }> {
  const { text, toolCalls, refusal } = answer
  const withheld = answer.finishReason === "content_filter" || refusal !== null
  if (withheld && text === "" && toolCalls.length === 0) {
    throw new CallError({
      type: "content_filter",
      message: refusal === null ? "the provider withheld the answer (content filter)." : `the model refused: ${refusal}`,
      usage: answer.usage,
    })
  }
  const finishReason = toolCalls.length > 0 && answer.finishReason === "stop" ? "tool_calls" : answer.finishReason
  const output: ChatOutput = { text, json: jsonOf(answer.input, text), toolCalls: [...toolCalls], finishReason }
  return { kind: "chat", output }
}

/** The parsed text when JSON was asked for, else null. Whether it satisfies the schema is not judged here. */
function jsonOf({ responseFormat }: ChatInput, text: string): Json {
  if (responseFormat === undefined || responseFormat.type === "text") return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
