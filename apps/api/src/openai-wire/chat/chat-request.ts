import { jsonObject } from "@sluice/core"
import { z } from "zod"
import { openaiMetadata } from "../requests/metadata.ts"
import { type Refusals, refusal } from "../requests/parse-request.ts"
import { sluiceExtension } from "../requests/sluice-extension.ts"
import { openaiMessage } from "./chat-messages.ts"

const functionTool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: z.string(),
    description: z.string().nullish(),
    parameters: jsonObject.nullish(),
    strict: z.boolean().nullish(),
  }),
})

const responseFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    json_schema: z.strictObject({
      name: z.string(),
      description: z.string().nullish(),
      schema: jsonObject.nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
])

/** What the provider is told as it is, where it speaks this wire. */
export const chatProviderParameters = {
  frequency_penalty: z.number().nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  prediction: jsonObject.nullish(),
  presence_penalty: z.number().nullish(),
  prompt_cache_key: z.string().max(256).nullish(),
  prompt_cache_options: jsonObject.nullish(),
  prompt_cache_retention: z.string().nullish(),
  reasoning_effort: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  seed: z.int().nullish(),
  service_tier: z.string().nullish(),
  user: z.string().nullish(),
  verbosity: z.string().nullish(),
}

export const chatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(openaiMessage).min(1),
  max_completion_tokens: z.int().positive().nullish(),
  max_tokens: z.int().positive().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  tools: z.array(functionTool).nullish(),
  tool_choice: z
    .union([
      z.enum(["auto", "none", "required"]),
      z.strictObject({ type: z.literal("function"), function: z.strictObject({ name: z.string() }) }),
    ])
    .nullish(),
  response_format: responseFormat.nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().nullish(), include_obfuscation: z.literal(false).nullish() }).nullish(),
  /** Every job is kept, as long as retention has it. */
  store: z.boolean().nullish(),
  metadata: openaiMetadata,
  sluice: sluiceExtension,
  ...chatProviderParameters,
})
export type ChatRequest = z.infer<typeof chatRequest>

const isOneOrNone = (value: unknown) => value === null || value === undefined || value === 1

export const chatRefusals: Refusals = {
  n: { isHarmless: isOneOrNone, because: "a job has one answer. Send the request as often as you want answers." },
  logprobs: refusal("answers are kept without the probabilities of their tokens.", false),
  top_logprobs: refusal("answers are kept without the probabilities of their tokens.", 0),
  audio: refusal("answers are text."),
  modalities: {
    isHarmless: (value) => value === null || (Array.isArray(value) && value.every((one) => one === "text")),
    because: 'answers are text. Leave it out, or send ["text"].',
  },
  functions: refusal("it has been replaced by tools. Send those."),
  function_call: refusal("it has been replaced by tool_choice. Send that."),
  moderation: refusal("answers are not moderated here."),
  web_search_options: refusal("no tools are run here. Give the model a tool of your own."),
}
