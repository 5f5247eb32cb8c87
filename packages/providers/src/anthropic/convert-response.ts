import type { ChatInput, ToolCall } from "@sluice/core"
import { CallError } from "../wire/call-error.ts"
import { chatOutputOf } from "../wire/chat-output.ts"
import type { ConvertedAnswer, WireCall } from "../wire/wire.ts"
import { mapFinishReason } from "./finish-reason.ts"
import { type Message, message, usageOfMessage } from "./response-schema.ts"
import { answerToolName } from "./structured-output.ts"

/** An answer in our terms. Throws `z.ZodError` or `CallError`. */
export function convertResponse({ work }: WireCall, body: unknown): ConvertedAnswer {
  if (work.kind !== "chat") throw new CallError({ type: "invalid_input", message: `this wire has no calls of kind ${work.kind}.` })
  const parsed = message.parse(body)
  const usage = usageOfMessage(parsed.usage)
  if (parsed.stop_reason === "model_context_window_exceeded") {
    throw new CallError({
      type: "context_length",
      code: parsed.stop_reason,
      message: "input and answer together do not fit the model's context.",
      usage,
    })
  }
  return { generated: chatOutputOf(answerOf(work.input, parsed)), model: parsed.model ?? null, usage }
}

function answerOf(input: ChatInput, parsed: Message): Parameters<typeof chatOutputOf>[0] {
  const structured = structuredAnswer(input, parsed)
  const finishReason = mapFinishReason(parsed.stop_reason)
  return {
    input,
    text: structured ?? textOf(parsed),
    toolCalls: toolCallsOf(parsed).filter(({ name }) => structured === null || name !== answerToolName),
    finishReason: structured !== null && finishReason === "tool_calls" ? "stop" : finishReason,
    refusal: finishReason === "content_filter" ? (parsed.stop_details?.explanation ?? null) : null,
    usage: usageOfMessage(parsed.usage),
  }
}

/** The answer that was given as the arguments of the tool which stands in for structured output; null without one. */
function structuredAnswer({ responseFormat }: ChatInput, parsed: Message): string | null {
  if (responseFormat?.type !== "json_schema") return null
  return toolCallsOf(parsed).find(({ name }) => name === answerToolName)?.arguments ?? null
}

function textOf({ content }: Message): string {
  return content.map((block) => (block.type === "text" ? block.text : "")).join("")
}

function toolCallsOf({ content }: Message): ToolCall[] {
  return content
    .filter((block) => block.type === "tool_use")
    .map(({ id, name, input, written }) => ({ id, name, arguments: written ?? JSON.stringify(input) }))
}
