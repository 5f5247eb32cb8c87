import { jsonObject } from "@sluice/core"
import { z } from "zod"
import { openaiMetadata } from "../requests/metadata.ts"
import { type Refusals, refusal } from "../requests/parse-request.ts"
import { sluiceExtension } from "../requests/sluice-extension.ts"
import { responseItem } from "./response-items.ts"

const functionTool = z.strictObject({
  type: z.literal("function"),
  name: z.string(),
  description: z.string().nullish(),
  parameters: jsonObject.nullish(),
  strict: z.boolean().nullish(),
})

const textFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    name: z.string(),
    schema: jsonObject,
    description: z.string().nullish(),
    strict: z.boolean().nullish(),
  }),
])

/** What the provider is told as it is, where it speaks OpenAI's wire. */
export const responseProviderParameters = {
  parallel_tool_calls: z.boolean().nullish(),
  prompt_cache_key: z.string().max(256).nullish(),
  prompt_cache_options: jsonObject.nullish(),
  prompt_cache_retention: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  service_tier: z.string().nullish(),
  user: z.string().nullish(),
}

export const responseRequest = z.strictObject({
  model: z.string({ error: "Name a route, or the model of an endpoint" }).min(1),
  input: z.union([z.string(), z.array(responseItem).min(1)]),
  instructions: z.string().nullish(),
  background: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_obfuscation: z.literal(false).nullish() }).nullish(),
  store: z.boolean().nullish(),
  previous_response_id: z.string().nullish(),
  max_output_tokens: z.int().positive().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  reasoning: z.strictObject({ effort: z.string().nullish() }).nullish(),
  text: z.strictObject({ format: textFormat.nullish(), verbosity: z.string().nullish() }).nullish(),
  tools: z.array(functionTool).nullish(),
  tool_choice: z.union([z.enum(["auto", "none", "required"]), z.strictObject({ type: z.literal("function"), name: z.string() })]).nullish(),
  metadata: openaiMetadata,
  sluice: sluiceExtension,
  ...responseProviderParameters,
})
export type ResponseRequest = z.infer<typeof responseRequest>

const isEmpty = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0)

export const responseRefusals: Refusals = {
  include: { isHarmless: isEmpty, because: "answers have nothing to include beyond what they show." },
  conversation: refusal("conversations are not kept as such. Send previous_response_id, or the messages."),
  context_management: { isHarmless: isEmpty, because: "nothing is left out of a conversation." },
  max_tool_calls: refusal("no tools are run here, so that none can be counted."),
  moderation: refusal("answers are not moderated here."),
  prompt: refusal("no prompts are kept here. Send instructions and input."),
  top_logprobs: refusal("answers are kept without the probabilities of their tokens.", 0),
  truncation: refusal("nothing is left out of a conversation. One that is too long is an error.", "disabled"),
}
