import type { z } from "zod"
import { type ChatInput, type ChatOutput, chatInput } from "./chat.ts"
import { type EmbeddingInput, type EmbeddingOutput, embeddingInput } from "./embedding.ts"
import { type ImageInput, type ImageOutput, imageInput } from "./image.ts"
import type { Kind } from "./kind.ts"
import { type Json, json } from "./scalars.ts"

/** The schema of `input` for each kind of route. `custom` takes any JSON. */
export const inputSchemas = { chat: chatInput, embedding: embeddingInput, image: imageInput, custom: json } satisfies Record<
  Kind,
  z.ZodType
>

/** `input` with the kind that its route gives it, so that the two cannot disagree. */
export type Work =
  | { readonly kind: "chat"; readonly input: ChatInput }
  | { readonly kind: "embedding"; readonly input: EmbeddingInput }
  | { readonly kind: "image"; readonly input: ImageInput }
  | { readonly kind: "custom"; readonly input: Json }

/** What a provider made of it. */
export type Output =
  | { readonly kind: "chat"; readonly output: ChatOutput }
  | { readonly kind: "embedding"; readonly output: EmbeddingOutput }
  | { readonly kind: "image"; readonly output: ImageOutput }
  | { readonly kind: "custom"; readonly output: Json }

/** Validates `input` as the kind demands. Throws `z.ZodError` with paths relative to `input`. */
export function parseWork(kind: Kind, input: unknown): Work {
  switch (kind) {
    case "chat":
      return { kind, input: chatInput.parse(input) }
    case "embedding":
      return { kind, input: embeddingInput.parse(input) }
    case "image":
      return { kind, input: imageInput.parse(input) }
    case "custom":
      return { kind, input: json.parse(input) }
  }
}
