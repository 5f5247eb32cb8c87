import type { ChatInput, Json } from "@sluice/core"
import { z } from "zod"
import { type Addition, createAnswerStream, type GrowingAnswer } from "../wire/answer-stream.ts"
import { CallError } from "../wire/call-error.ts"
import type { AnswerStream, OnDelta } from "../wire/wire.ts"
import { readAnthropicFailure } from "./error-schema.ts"
import { answerToolName } from "./structured-output.ts"

const block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string() }),
])
/** Thinking, and the traces of the vendor's own tools: nothing of the answer. */
const other = z.object({ type: z.string() }).transform(() => ({ type: "other" as const }))

const delta = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text_delta"), text: z.string() }),
  z.object({ type: z.literal("input_json_delta"), partial_json: z.string() }),
])

const index = z.int().nonnegative()
/** Read with the whole answer: one that cannot be read must not cost it. */
const usage = z.record(z.string(), z.json()).nullish().catch(null)

const event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message_start"), message: z.object({ model: z.string().nullish(), usage }) }),
  z.object({ type: z.literal("content_block_start"), index, content_block: z.union([block, other]) }),
  z.object({ type: z.literal("content_block_delta"), index, delta: z.union([delta, other]) }),
  z.object({
    type: z.literal("message_delta"),
    delta: z.object({ stop_reason: z.string().nullish(), stop_details: z.json().optional() }),
    usage,
  }),
  z.object({ type: z.literal("message_stop") }),
])
type StreamEvent = z.infer<typeof event>

/** Kinds of events that the vendor adds from time to time are to be passed over; an error is none of an answer. */
const unknownEvent = z.object({ type: z.string().refine((type) => type !== "error") })
const knownTypes = new Set(["message_start", "content_block_start", "content_block_delta", "message_delta", "message_stop"])

type Block = { type: "text"; text: string } | { type: "tool_use"; id: string; name: string; written: string } | { type: "other" }

/** An answer of the Messages API that comes as events. */
export function openMessageStream({ responseFormat }: ChatInput, onDelta: OnDelta): AnswerStream {
  const answer = growingMessage({ mayBeTool: responseFormat?.type === "json_schema" })
  return createAnswerStream({ answer, readFailure: readAnthropicFailure, onDelta })
}

const nothing: Addition = { text: "", isPiece: false, isLast: false }

/** `mayBeTool`: the arguments of the tool that stands in for structured output are the text, should it be called. */
function growingMessage({ mayBeTool }: { readonly mayBeTool: boolean }): GrowingAnswer {
  const blocks = new Map<number, Block>()
  let model: string | null = null
  let counted: Record<string, Json> = {}
  let stop: { stop_reason?: string | null | undefined; stop_details?: Json | undefined } = {}

  function addDelta({ index: at, delta: added }: Extract<StreamEvent, { type: "content_block_delta" }>): Addition {
    const grown = blocks.get(at)
    if (added.type === "text_delta" && grown?.type === "text") {
      grown.text += added.text
      return { ...nothing, text: added.text, isPiece: true }
    }
    if (added.type === "input_json_delta" && grown?.type === "tool_use") {
      grown.written += added.partial_json
      const isAnswer = mayBeTool && grown.name === answerToolName
      return { ...nothing, text: isAnswer ? added.partial_json : "", isPiece: true }
    }
    return nothing
  }
  return {
    add(given) {
      if (!knownTypes.has(unknownEvent.parse(given).type)) return nothing
      const parsed = event.parse(given)
      switch (parsed.type) {
        case "message_start":
          model = parsed.message.model ?? null
          counted = counts(parsed.message.usage)
          return nothing
        case "content_block_start":
          blocks.set(parsed.index, startOf(parsed.content_block))
          return nothing
        case "content_block_delta":
          return addDelta(parsed)
        case "message_delta":
          stop = parsed.delta
          counted = { ...counted, ...counts(parsed.usage) }
          return nothing
        case "message_stop":
          return { ...nothing, isLast: true }
      }
    },
    isComplete: () => false,
    body: () => ({
      model,
      content: [...blocks].toSorted(([a], [b]) => a - b).map(([, grown]) => wholeOf(grown, stop.stop_reason ?? null)),
      stop_reason: stop.stop_reason ?? null,
      stop_details: stop.stop_details ?? null,
      usage: counted,
    }),
  }
}

/** The totals so far: what an event leaves open stays as it was. */
function counts(given: z.infer<typeof usage>): Record<string, Json> {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, count]) => count !== null))
}

function startOf(started: z.infer<typeof block> | { type: "other" }): Block {
  return started.type === "tool_use" ? { type: "tool_use", id: started.id, name: started.name, written: "" } : { ...started }
}

function wholeOf(grown: Block, stopReason: string | null): Json {
  if (grown.type !== "tool_use") return grown
  const written = grown.written === "" ? "{}" : grown.written
  return { ...grown, written, input: inputOf(written, stopReason) }
}

/** What was cut at the token limit stays as it was written; it is for others to judge. */
function inputOf(written: string, stopReason: string | null): Json {
  try {
    return JSON.parse(written)
  } catch {
    if (stopReason === "max_tokens") return {}
    throw new CallError({ type: "malformed_response", message: "the arguments of a tool call in the answer are not valid JSON." })
  }
}
