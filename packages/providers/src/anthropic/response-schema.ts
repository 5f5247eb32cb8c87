import type { Usage } from "@sluice/core"
import { z } from "zod"

const count = z.int().nonnegative()

const textBlock = z.object({ type: z.literal("text"), text: z.string() })
const toolUseBlock = z.object({
  type: z.literal("tool_use"),
  id: z.string().min(1),
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  /** The input as it was written, where the answer came as a stream. */
  written: z.string().optional(),
})
/** Thinking and the traces of the vendor's own tools: nothing of the answer. */
const otherBlock = z.object({ type: z.string().refine((type) => type !== "text" && type !== "tool_use") })

export const message = z.object({
  model: z.string().nullish(),
  content: z.array(z.union([textBlock, toolUseBlock, otherBlock.transform(() => ({ type: "other" as const }))])),
  stop_reason: z.string().nullish(),
  stop_details: z.object({ explanation: z.string().nullish() }).nullish().catch(null),
  /** A usage that cannot be read must not cost a good answer. */
  usage: z
    .object({
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count.nullish(),
      cache_creation_input_tokens: count.nullish(),
    })
    .nullish()
    .catch(null),
})
export type Message = z.infer<typeof message>

/** Anthropic counts only what is new as `input_tokens`: what was written to and read from its cache comes on top. */
export function usageOfMessage(usage: Message["usage"]): Usage | null {
  if (usage === null || usage === undefined) return null
  const cached = usage.cache_read_input_tokens ?? 0
  return {
    inputTokens: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
    cachedInputTokens: cached,
    outputTokens: usage.output_tokens,
  }
}
