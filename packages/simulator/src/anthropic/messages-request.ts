import { z } from "zod"

const cacheControl = z.strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() }).nullish()
const text = z.strictObject({ type: z.literal("text"), text: z.string().min(1), cache_control: cacheControl })

const image = z.strictObject({
  type: z.literal("image"),
  source: z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("base64"),
      media_type: z.enum(["image/jpeg", "image/png", "image/gif", "image/webp"]),
      data: z.base64().min(1),
    }),
    z.strictObject({ type: z.literal("url"), url: z.url() }),
  ]),
  cache_control: cacheControl,
})

const jsonObject = z.record(z.string(), z.unknown())
const toolUse = z.strictObject({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: jsonObject,
  cache_control: cacheControl,
})
const toolResult = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.discriminatedUnion("type", [text, image]))]).optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
})

const texts = z.union([z.string().min(1), z.array(text).min(1)])
const message = z.discriminatedUnion("role", [
  z.strictObject({
    role: z.literal("user"),
    content: z.union([z.string().min(1), z.array(z.discriminatedUnion("type", [text, image, toolResult])).min(1)]),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(z.discriminatedUnion("type", [text, toolUse])).min(1)]),
  }),
  z.strictObject({ role: z.literal("system"), content: texts }),
])

const tool = z.strictObject({
  type: z.literal("custom").nullish(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "String should match pattern '^[a-zA-Z0-9_-]{1,64}$'"),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal("object") }),
  strict: z.boolean().optional(),
  cache_control: cacheControl,
})

const parallel = { disable_parallel_tool_use: z.boolean().optional() }
const toolChoice = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("auto"), ...parallel }),
  z.strictObject({ type: z.literal("any"), ...parallel }),
  z.strictObject({ type: z.literal("tool"), name: z.string(), ...parallel }),
  z.strictObject({ type: z.literal("none") }),
])

const outputConfig = z.strictObject({
  format: z.strictObject({ type: z.literal("json_schema"), schema: jsonObject }).nullish(),
  effort: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
})

const thinking = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("enabled"), budget_tokens: z.int().min(1024) }),
  z.looseObject({ type: z.literal("adaptive") }),
  z.looseObject({ type: z.literal("disabled") }),
])

/**
 * The body of `POST /v1/messages`, without what the simulator gives no answer to (server tools, documents, containers).
 * Thinking may be asked for; none is shown.
 */
export const messagesRequestSchema = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  messages: z.array(message).min(1).max(100_000),
  system: texts.optional(),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string().regex(/\S/, "each stop sequence must contain non-whitespace")).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  tools: z.array(tool).optional(),
  tool_choice: toolChoice.optional(),
  output_config: outputConfig.optional(),
  thinking: thinking.optional(),
  inference_geo: z.string().nullish(),
  speed: z.enum(["standard", "fast"]).nullish(),
  metadata: z.strictObject({ user_id: z.string().max(256).nullish() }).optional(),
  service_tier: z.enum(["auto", "standard_only"]).optional(),
  cache_control: cacheControl,
})

export type MessagesRequest = z.infer<typeof messagesRequestSchema>
export type MessageContent = MessagesRequest["messages"][number]["content"]
