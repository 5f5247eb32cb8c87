import { createHash } from "node:crypto"
import { z } from "zod"
import { imagePath, MAX_IMAGE_SIDE } from "../answers/image-path.ts"
import { encodePng, type ImageSpec } from "../answers/png.ts"
import { estimateTokens } from "../answers/token-estimate.ts"
import { accepted, refused } from "../wire/refusal.ts"
import { describeIssue } from "../wire/request-issue.ts"
import type { AcceptedCall, Operation } from "../wire/wire.ts"

const DEFAULT_MODEL = "dall-e-2"
const DEFAULT_SIZE = "1024x1024"
const DEFAULT_SIDES = { width: 1024, height: 1024 }
/** What gpt-image models charge for an image of medium quality. */
const TOKENS_PER_IMAGE = 1056

/** The body of `POST /v1/images/generations`. */
const imageRequestSchema = z.strictObject({
  model: z.string().min(1).nullish(),
  prompt: z.string().min(1).max(32_000),
  n: z.int().min(1).max(10).nullish(),
  size: z
    .string()
    .refine((size) => size === "auto" || parseSize(size) !== null, {
      message: `Invalid size: expected auto or WIDTHxHEIGHT of at most ${MAX_IMAGE_SIDE} each, such as ${DEFAULT_SIZE}.`,
      params: { code: "invalid_value" },
    })
    .nullish(),
  response_format: z.enum(["url", "b64_json"]).nullish(),
  quality: z.enum(["standard", "hd", "low", "medium", "high", "auto"]).nullish(),
  style: z.enum(["vivid", "natural"]).nullish(),
  background: z.enum(["transparent", "opaque", "auto"]).nullish(),
  moderation: z.enum(["low", "auto"]).nullish(),
  output_format: z.enum(["png"]).nullish(),
  user: z.string().optional(),
})

type ImageRequest = z.infer<typeof imageRequestSchema>

/** `images/generations` of OpenAI; `pathModel` is the model that the path names, null where the body does. */
export function createImagesOperation({ pathModel }: { pathModel: string | null }): Operation {
  return {
    name: "images",
    accept({ body }) {
      const parsed = imageRequestSchema.safeParse(body)
      if (!parsed.success) return refused({ reason: "invalid_request", issue: describeIssue(parsed.error.issues, body) })
      return accepted(toCall(parsed.data, pathModel ?? parsed.data.model ?? DEFAULT_MODEL))
    },
  }
}

function toCall(request: ImageRequest, model: string): AcceptedCall {
  const count = request.n ?? 1
  const promptTokens = Math.max(1, estimateTokens(request.prompt.length))
  const outputTokens = count * TOKENS_PER_IMAGE
  const alwaysBase64 = model.startsWith("gpt-image")
  return {
    model,
    promptTokens,
    maxOutputTokens: outputTokens,
    promptText: request.prompt,
    onFilteredPrompt: "refuse",
    stream: false,
    answer({ createdSeconds, origin }) {
      const specs = Array.from({ length: count }, (_, index) => specOf(request, index))
      const base64 = alwaysBase64 || request.response_format === "b64_json"
      const data = specs.map((spec) => (base64 ? { b64_json: encodePng(spec).toString("base64") } : { url: `${origin}${imagePath(spec)}` }))
      const usage = {
        input_tokens: promptTokens,
        input_tokens_details: { image_tokens: 0, text_tokens: promptTokens },
        output_tokens: outputTokens,
        total_tokens: promptTokens + outputTokens,
      }
      const body = { created: createdSeconds, data, ...(alwaysBase64 ? { output_format: "png", usage } : {}) }
      return { kind: "json", body: JSON.stringify(body), outputTokens }
    },
  }
}

/** An image of the size asked for, whose colour the prompt decides. */
function specOf({ prompt, size }: ImageRequest, index: number): ImageSpec {
  const colour = createHash("sha256").update(`${index}:${prompt}`).digest("hex").slice(0, 6)
  return { ...(parseSize(size ?? DEFAULT_SIZE) ?? DEFAULT_SIDES), colour }
}

function parseSize(size: string): { width: number; height: number } | null {
  const [, width, height] = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(size)?.map(Number) ?? []
  if (width === undefined || height === undefined || Math.max(width, height) > MAX_IMAGE_SIDE) return null
  return { width, height }
}
