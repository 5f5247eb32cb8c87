import { z } from "zod"
import { providerOptions } from "./chat.ts"

export const embeddingInput = z
  .strictObject({
    texts: z.array(z.string().min(1)).min(1).max(2_048).describe("Each gets one vector."),
    dimensions: z.int().positive().max(100_000).optional().describe("Default: the model's."),
    providerOptions: providerOptions.optional(),
  })
  .meta({ id: "EmbeddingInput" })
export type EmbeddingInput = z.infer<typeof embeddingInput>

export const embeddingOutput = z
  .strictObject({
    embeddings: z.array(z.array(z.number())),
    dimensions: z.int().positive(),
  })
  .meta({ id: "EmbeddingOutput", description: "One vector for each text, in the same order." })
export type EmbeddingOutput = z.infer<typeof embeddingOutput>
