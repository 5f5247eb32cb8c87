import type { Json } from "@sluice/core"
import { z } from "zod"
import { createAnswerStream, type GrowingAnswer } from "../wire/answer-stream.ts"
import type { AnswerStream, OnDelta } from "../wire/wire.ts"
import { readOpenaiFailure } from "./error-schema.ts"

const contentPart = z.object({ type: z.string(), text: z.string().optional() })

const callPiece = z.object({
  /** Which call it continues. Gemini's compatible API leaves it out, and sends each call whole. */
  index: z.int().nonnegative().nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
})

const delta = z.object({
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(callPiece).nullish(),
})
type Delta = z.infer<typeof delta>

const chunk = z.object({
  model: z.string().nullish(),
  choices: z.array(z.object({ index: z.int().nullish(), delta: delta.nullish(), finish_reason: z.string().nullish() })),
  /** Read with the whole answer: one that cannot be read must not cost it. */
  usage: z.json().optional().catch(undefined),
  /** Not beside a piece of an answer. */
  error: z.null().optional(),
})

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
      const parsed = chunk.parse(event)
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

function addToCall(calls: Call[], piece: z.infer<typeof callPiece>): void {
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
