import type { Usage } from "@sluice/core"
import { z } from "zod"
import { vector } from "../wire/embedding-output.ts"

const count = z.int().nonnegative()

/** A usage that cannot be read must not cost a good answer. */
const chatUsage = z
  .object({
    prompt_tokens: count,
    completion_tokens: count.nullish(),
    prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
  })
  .nullish()
  .catch(null)

/** Some servers send the text in parts, of which not all are meant for the reader. */
const contentPart = z.object({ type: z.string(), text: z.string().optional() })

const toolCall = z.object({
  /** Gemini's compatible API leaves it empty. */
  id: z.string().nullish(),
  function: z.object({ name: z.string().min(1), arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish() }),
})

const message = z.object({
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
})

export const chatCompletion = z.object({
  model: z.string().nullish(),
  choices: z.tuple([z.object({ message, finish_reason: z.string().nullish(), error: z.null().optional() })]).rest(z.unknown()),
  usage: chatUsage,
})
export type ChatCompletion = z.infer<typeof chatCompletion>

export const embeddingList = z.object({
  model: z.string().nullish(),
  data: z.array(z.object({ index: count.nullish(), embedding: vector })),
  usage: chatUsage,
})
export type EmbeddingList = z.infer<typeof embeddingList>

export const imageList = z.object({
  model: z.string().nullish(),
  data: z.array(z.object({ b64_json: z.string().min(1).nullish(), url: z.string().min(1).nullish() })).min(1),
  usage: z
    .object({
      input_tokens: count,
      output_tokens: count,
      input_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
    })
    .nullish()
    .catch(null),
})
export type ImageList = z.infer<typeof imageList>

/** OpenAI counts cached tokens within the input already. */
export function usageOfChat(usage: ChatCompletion["usage"]): Usage | null {
  if (usage === null || usage === undefined) return null
  return {
    inputTokens: usage.prompt_tokens,
    cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.completion_tokens ?? 0,
  }
}

export function usageOfImages(usage: ImageList["usage"]): Usage | null {
  if (usage === null || usage === undefined) return null
  return {
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.output_tokens,
  }
}
