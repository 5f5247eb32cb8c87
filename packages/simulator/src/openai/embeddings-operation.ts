import { z } from "zod"
import { embed, toBase64Floats } from "../answers/embedding.ts"
import { estimateTokens } from "../answers/token-estimate.ts"
import { accepted, refused } from "../wire/refusal.ts"
import { describeIssue } from "../wire/request-issue.ts"
import type { AcceptedCall, AnswerSettings, Operation } from "../wire/wire.ts"

const MAX_INPUTS = 2048
const MAX_DIMENSIONS = 3072

const tokens = z.array(z.int().min(0)).min(1).max(MAX_INPUTS)

/** The body of `POST /v1/embeddings`. */
const embeddingRequestSchema = z.strictObject({
  model: z.string().min(1).optional(), // Azure names it in the path
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(MAX_INPUTS), tokens, z.array(tokens).min(1).max(MAX_INPUTS)]),
  dimensions: z.int().min(1).max(MAX_DIMENSIONS).nullish(),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  user: z.string().optional(),
})

type EmbeddingRequest = z.infer<typeof embeddingRequestSchema>

/** `embeddings` of OpenAI; `pathModel` is the model that the path names, null where the body does. */
export function createEmbeddingsOperation({ pathModel }: { pathModel: string | null }): Operation {
  return {
    name: "embeddings",
    accept({ body, answers }) {
      const parsed = embeddingRequestSchema.safeParse(body)
      if (!parsed.success) return refused({ reason: "invalid_request", issue: describeIssue(parsed.error.issues, body) })
      const model = pathModel ?? parsed.data.model
      if (model === undefined) return refused({ reason: "invalid_request", issue: { path: ["model"], fault: { kind: "missing" } } })
      return accepted(toCall(parsed.data, model, answers))
    },
  }
}

function toCall(request: EmbeddingRequest, model: string, { embeddingDimensions }: AnswerSettings): AcceptedCall {
  const texts = textsOf(request.input)
  const promptTokens = countTokens(request.input)
  const dimensions = request.dimensions ?? embeddingDimensions
  const encode = request.encoding_format === "base64" ? toBase64Floats : (vector: readonly number[]) => vector
  return {
    model,
    promptTokens,
    maxOutputTokens: 0,
    promptText: texts.join("\n"),
    onFilteredPrompt: "refuse",
    stream: false,
    answer() {
      const data = texts.map((text, index) => ({ object: "embedding" as const, index, embedding: encode(embed(text, dimensions)) }))
      const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens }
      return { kind: "json", body: JSON.stringify({ object: "list", data, model, usage }), outputTokens: 0 }
    },
  }
}

/** Inputs as texts; one given as tokens becomes the words that the numbers are. */
function textsOf(input: EmbeddingRequest["input"]): string[] {
  if (typeof input === "string") return [input]
  const lists: string[] = []
  const single: number[] = []
  for (const entry of input) {
    if (typeof entry === "number") single.push(entry)
    else lists.push(typeof entry === "string" ? entry : entry.join(" "))
  }
  return single.length > 0 ? [single.join(" ")] : lists
}

function countTokens(input: EmbeddingRequest["input"]): number {
  if (typeof input === "string") return estimateTokens(input.length)
  let total = 0
  for (const entry of input) {
    if (typeof entry === "number") total += 1
    else total += typeof entry === "string" ? estimateTokens(entry.length) : entry.length
  }
  return total
}
