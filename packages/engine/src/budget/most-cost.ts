import type { ChatInput, ContentPart, Endpoint, Work } from "@sluice/core"
import { callCostUsd } from "../execute/cost.ts"

/** Assumed of an answer to which the caller sets no limit. Longer ones are the one way to spend more than was reserved. */
export const assumedMostOutputTokens = 4_096
/** Large vendors count fewer for an image of usual size. */
const mostTokensPerImage = 2_000

/**
 * What a call may cost at most in USD; null when the endpoint has no price. No tokenizer makes more tokens of a text than it has
 * bytes of UTF-8, so the input is counted by these; the JSON around it is longer than what providers add.
 */
export function mostCostUsd(endpoint: Endpoint, works: readonly Work[]): number | null {
  const usage = { inputTokens: sum(works.map(mostInputTokens)), cachedInputTokens: 0, outputTokens: sum(works.map(mostOutputTokens)) }
  return callCostUsd(endpoint.price, usage, sum(works.map(imagesOf)))
}

function mostInputTokens({ kind, input }: Work): number {
  if (kind !== "chat") return Buffer.byteLength(JSON.stringify(input))
  const images = input.messages.flatMap(({ content }) => (Array.isArray(content) ? content.filter(isImage) : []))
  return Buffer.byteLength(JSON.stringify(withoutImages(input))) + images.length * mostTokensPerImage
}

function withoutImages(input: ChatInput): unknown {
  const messages = input.messages.map((message) => ({
    ...message,
    content: Array.isArray(message.content) ? message.content.filter((part) => !isImage(part)) : message.content,
  }))
  return { ...input, messages }
}

function isImage({ type }: ContentPart): boolean {
  return type === "image"
}

function mostOutputTokens({ kind, input }: Work): number {
  switch (kind) {
    case "chat":
      return input.maxOutputTokens ?? assumedMostOutputTokens
    case "custom":
      return assumedMostOutputTokens
    case "embedding":
    case "image":
      return 0
  }
}

function imagesOf({ kind, input }: Work): number {
  return kind === "image" ? (input.count ?? 1) : 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
