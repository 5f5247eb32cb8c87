import { z } from "zod"

const contentPart = z.object({ type: z.string(), text: z.string().optional() })

const callPiece = z.object({
  /** Which call it continues. Gemini's compatible API leaves it out, and sends each call whole. */
  index: z.int().nonnegative().nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
})

export type CallPiece = z.infer<typeof callPiece>

const delta = z.object({
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(callPiece).nullish(),
})
export type Delta = z.infer<typeof delta>

/** An event of a streamed chat completion. */
export const completionChunk = z.object({
  model: z.string().nullish(),
  choices: z.array(z.object({ index: z.int().nullish(), delta: delta.nullish(), finish_reason: z.string().nullish() })),
  /** Read with the whole answer: one that cannot be read must not cost it. */
  usage: z.json().optional().catch(undefined),
  /** Not beside a piece of an answer. */
  error: z.null().optional(),
})

export type CompletionChunk = z.infer<typeof completionChunk>

/** Throws `z.ZodError` for an event that is none of an answer. */
export function readChunk(event: unknown): CompletionChunk {
  return isPlainChunk(event) ? event : completionChunk.parse(event)
}

/**
 * Whether an event is one of the hundreds that carry a piece of text and nothing else. They are told by hand, since the schema, which
 * reads all others, takes most of the time of a streamed call.
 */
export function isPlainChunk(event: unknown): event is CompletionChunk {
  if (!isObject(event) || !Array.isArray(event.choices) || event.choices.length !== 1) return false
  const [choice]: readonly unknown[] = event.choices
  if (!isObject(choice) || !isObject(choice.delta)) return false
  const { content, refusal, tool_calls } = choice.delta
  const isText = typeof content === "string" && isAbsent(refusal) && isAbsent(tool_calls)
  return (
    isText &&
    choice.index === 0 &&
    isAbsent(choice.finish_reason) &&
    isAbsent(event.usage) &&
    isAbsent(event.error) &&
    isString(event.model)
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

function isString(value: unknown): value is string {
  return typeof value === "string"
}
