import { chatOutput } from "@sluice/core"
import { z } from "zod"
import { vector } from "../wire/embedding-output.ts"

/** A chat's answer: the text alone, or an output as this system writes it, of which only the text is needed. */
export const chatAnswer = z.union([
  z.string().transform((text) => ({ text, toolCalls: [], finishReason: "stop" as const })),
  z.object({
    text: z.string(),
    toolCalls: chatOutput.shape.toolCalls.default([]),
    finishReason: chatOutput.shape.finishReason.default("stop"),
  }),
])

/** Vectors: a list of them, one alone, or an output as this system writes it. */
export const vectors = z.union([
  z.array(vector),
  vector.transform((only) => [only]),
  z.object({ embeddings: z.array(vector) }).transform(({ embeddings }) => embeddings),
])

const image = z.union([
  z.string().min(1),
  z.object({ url: z.string().min(1) }).transform(({ url }) => url),
  z.object({ b64_json: z.string().min(1) }).transform(({ b64_json: base64 }) => base64),
])

/** Pictures as links, `data:` URLs or base64: a list or one alone. */
export const pictures = z.union([z.array(image).min(1), image.transform((only) => [only])])

export const count = z.int().nonnegative()
