import type { Json } from "@sluice/core"
import { createAnswerStream, type GrowingAnswer } from "../wire/answer-stream.ts"
import type { AnswerStream, OnDelta } from "../wire/wire.ts"
import { type CallPiece, type Delta, readChunk } from "./completion-chunk.ts"
import { readOpenaiFailure } from "./error-schema.ts"

interface Call {
  readonly index: number
  id: string
  name: string
  written: string
}

/** A chat completion that comes as `chat.completion.chunk` events. */
export function openChatStream(onDelta: OnDelta): AnswerStream {
  return createAnswerStream({ answer: growingCompletion(), readFailure: readOpenaiFailure, onDelta })
}

function growingCompletion(): GrowingAnswer {
  const calls: Call[] = []
  let model: string | null = null
  let usage: Json = null
  let finishReason: string | null = null
  let content = ""
  let refusal = ""

  function addDelta({ content: added, refusal: refused, tool_calls: pieces }: Delta): string {
    const text = textOf(added)
    content += text
    refusal += refused ?? ""
    for (const piece of pieces ?? []) addToCall(calls, piece)
    return text
  }
  return {
    add(event) {
      const parsed = readChunk(event)
      model ??= parsed.model ?? null
      usage = parsed.usage ?? usage
      // Azure's filter reports come without a choice, and nobody asks for a second one.
      const choice = parsed.choices.find(({ index }) => (index ?? 0) === 0)
      finishReason = choice?.finish_reason ?? finishReason
      const text = choice?.delta ? addDelta(choice.delta) : ""
      return { text, isPiece: content !== "" || refusal !== "" || calls.length > 0, isLast: false }
    },
    isComplete: () => finishReason !== null,
    body: () => ({
      model,
      choices: [{ message: messageOf({ content, refusal, calls }), finish_reason: finishReason }],
      usage,
    }),
  }
}

function textOf(content: Delta["content"]): string {
  if (typeof content === "string") return content
  return (content ?? []).map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("")
}

function addToCall(calls: Call[], piece: CallPiece): void {
  const { id, function: written } = piece
  const index = piece.index ?? calls.length
  const known = calls.find((call) => call.index === index)
  const call = known ?? { index, id: "", name: "", written: "" }
  if (!known) calls.push(call)
  call.id ||= id ?? ""
  call.name ||= written?.name ?? ""
  call.written += written?.arguments ?? ""
}

function messageOf({ content, refusal, calls }: { content: string; refusal: string; calls: readonly Call[] }): Json {
  return {
    content,
    refusal: refusal === "" ? null : refusal,
    tool_calls: calls.map(({ id, name, written }) => ({ id, function: { name, arguments: written === "" ? "{}" : written } })),
  }
}
