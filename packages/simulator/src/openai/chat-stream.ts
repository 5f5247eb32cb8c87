import type { AnswerContext } from "../wire/wire.ts"
import { buildUsage, type ChatOutput, finishReason, toolCallId } from "./chat-response.ts"

/** The end of a stream that came through. */
const DONE = "data: [DONE]\n\n"

/** The server-sent events of a streamed answer: role, pieces, finish reason, usage if asked for, and the end mark. */
export function buildChatEvents(
  output: ChatOutput,
  context: AnswerContext,
  options: { pieces: readonly string[]; includeUsage: boolean },
): string[] {
  const { pieces, includeUsage } = options
  const base = {
    id: `chatcmpl-${context.id}`,
    object: "chat.completion.chunk" as const,
    created: context.createdSeconds,
    model: output.model,
    service_tier: "default" as const,
    system_fingerprint: "fp_simulated",
  }
  const usage = includeUsage ? { usage: null } : {}
  const events: string[] = []
  // A service that filters reports on the prompt first, in a chunk that has no choice at all.
  if (output.filterReport) events.push(toEvent({ ...base, choices: [], prompt_filter_results: output.filterReport.prompt, ...usage }))
  for (let index = 0; index < output.choices; index++) {
    const chunk = (delta: object, finish: string | null) =>
      toEvent({ ...base, choices: [{ index, delta, logprobs: null, finish_reason: finish }], ...usage })
    events.push(chunk(firstDelta(output, context), null))
    for (const piece of pieces) events.push(chunk(pieceDelta(output, piece), null))
    events.push(chunk({}, finishReason(output.completion.finish)))
  }
  if (includeUsage) events.push(toEvent({ ...base, choices: [], usage: buildUsage(output) }))
  events.push(DONE)
  return events
}

function firstDelta({ completion: { toolCall } }: ChatOutput, context: AnswerContext): object {
  if (toolCall === null) return { role: "assistant", content: "", refusal: null }
  const call = { index: 0, id: toolCallId(context), type: "function", function: { name: toolCall.name, arguments: "" } }
  return { role: "assistant", content: null, tool_calls: [call], refusal: null }
}

function pieceDelta({ completion: { toolCall } }: ChatOutput, piece: string): object {
  return toolCall === null ? { content: piece } : { tool_calls: [{ index: 0, function: { arguments: piece } }] }
}

function toEvent(chunk: object): string {
  return `data: ${JSON.stringify(chunk)}\n\n`
}
