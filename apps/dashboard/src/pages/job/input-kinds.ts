import type { ChatInput, ChatOutput, EmbeddingInput, EmbeddingOutput, ImageInput, ImageOutput } from "@sluice/core"

// The API has checked inputs and outputs; what kind they are of shows by what only that kind has.

const has = <Name extends string>(value: unknown, name: Name): value is { readonly [K in Name]: unknown } =>
  typeof value === "object" && value !== null && name in value

export const isChatInput = (input: unknown): input is ChatInput => has(input, "messages") && Array.isArray(input.messages)
export const isEmbeddingInput = (input: unknown): input is EmbeddingInput => has(input, "texts") && Array.isArray(input.texts)
export const isImageInput = (input: unknown): input is ImageInput => has(input, "prompt") && typeof input.prompt === "string"
export const isChatOutput = (output: unknown): output is ChatOutput => has(output, "text") && has(output, "finishReason")
export const isEmbeddingOutput = (output: unknown): output is EmbeddingOutput => has(output, "embeddings") && has(output, "dimensions")
export const isImageOutput = (output: unknown): output is ImageOutput => has(output, "images") && Array.isArray(output.images)
