import type { AnswerContext } from "../wire/wire.ts"
import { buildUsage, emptyBlock, type MessageOutput, messageHead, stopFields } from "./messages-response.ts"

/** The server-sent events of a streamed answer. */
export function buildMessageEvents(output: MessageOutput, context: AnswerContext, pieces: readonly string[]): string[] {
  const { completion, promptTokens } = output
  const unfinished = { content: [], stop_reason: null, stop_sequence: null, stop_details: null, usage: buildUsage(promptTokens, 1) }
  return [
    toEvent("message_start", { message: { ...messageHead(output, context), ...unfinished } }),
    ...(completion.finish === "content_filter" ? [] : blockEvents(output, context, pieces)),
    toEvent("message_delta", {
      delta: { ...stopFields(completion), container: null },
      usage: buildUsage(promptTokens, completion.outputTokens),
    }),
    toEvent("message_stop", {}),
  ]
}

function blockEvents({ completion }: MessageOutput, context: AnswerContext, pieces: readonly string[]): string[] {
  const delta = (piece: string) =>
    completion.toolCall === null ? { type: "text_delta", text: piece } : { type: "input_json_delta", partial_json: piece }
  return [
    toEvent("content_block_start", { index: 0, content_block: emptyBlock(completion, context) }),
    toEvent("ping", {}),
    ...pieces.map((piece) => toEvent("content_block_delta", { index: 0, delta: delta(piece) })),
    toEvent("content_block_stop", { index: 0 }),
  ]
}

function toEvent(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
}
