import { z } from "zod"
import type { EndpointConfig } from "./endpoint.ts"

const bound = z.int().positive()

export const batching = z
  .union([
    z.literal("off"),
    z.strictObject({
      maxTexts: bound.max(2_048).optional().describe("Texts in one call. Default 96."),
      maxTokens: bound.optional().describe("Estimated, at four characters each. Default 60000, or a tenth of `limits.tokensPerMinute`."),
      maxBytes: bound.optional().describe("Bytes of text in one call. Default 1048576."),
    }),
  ])
  .describe("How much of several embedding jobs may travel in one call; what is left out keeps its default. `off`: each job has its own.")

export interface BatchBounds {
  readonly maxTexts: number
  readonly maxTokens: number
  readonly maxBytes: number
}

/**
 * What the usual providers take: OpenAI and Azure 2,048 texts and 300,000 tokens, Gemini 100 texts, Cohere 96. The tokens are
 * well below, since the estimate is too low for many languages.
 */
const defaultBounds: BatchBounds = { maxTexts: 96, maxTokens: 60_000, maxBytes: 1_048_576 }

/** A call takes no more than this share of a minute's tokens, so that it can start soon and holds up nobody for long. */
const shareOfTokensPerMinute = 0.1

/**
 * Up to where embedding jobs may share a call to this endpoint; null: each has its own. Of a template (`provider: http`) nobody
 * knows whether it takes several texts, so it has to be said by `batching: {}`.
 */
export function batchBoundsOf({ provider, batching: own, limits }: EndpointConfig): BatchBounds | null {
  if (own === "off" || (own === undefined && provider === "http")) return null
  const perMinute = limits === "off" ? undefined : limits?.tokensPerMinute
  return {
    maxTexts: own?.maxTexts ?? defaultBounds.maxTexts,
    maxTokens: Math.min(own?.maxTokens ?? defaultBounds.maxTokens, (perMinute ?? Number.POSITIVE_INFINITY) * shareOfTokensPerMinute),
    maxBytes: own?.maxBytes ?? defaultBounds.maxBytes,
  }
}
