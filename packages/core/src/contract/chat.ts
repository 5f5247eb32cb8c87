import { z } from "zod"
import { isObject, type JsonObject, jsonObject } from "./scalars.ts"

const imageUrl = z
  .string()
  .regex(/^(?:https?:\/\/|data:image\/[a-z0-9.+-]+;base64,)/i, "Expected an http(s) URL or a data:image/...;base64, URL")

const textPart = z.strictObject({ type: z.literal("text"), text: z.string() })
const imagePart = z.strictObject({
  type: z.literal("image"),
  url: imageUrl,
  detail: z
    .enum(["auto", "low", "high", "original"])
    .optional()
    .describe("How closely it is looked at, which decides what it costs. Default: the provider's; ignored where it knows no such choice."),
})
export const contentPart = z.discriminatedUnion("type", [textPart, imagePart]).meta({ id: "ContentPart" })
export type ContentPart = z.infer<typeof contentPart>

const content = z.union([z.string(), z.array(contentPart).min(1).max(1_000)])

export const toolCall = z
  .strictObject({
    id: z.string().min(1),
    name: z.string().min(1),
    arguments: z.string().describe("JSON text as the model wrote it. It may not parse: that is for the caller to judge."),
  })
  .meta({ id: "ToolCall" })
export type ToolCall = z.infer<typeof toolCall>

export const chatMessage = z
  .discriminatedUnion("role", [
    z.strictObject({ role: z.literal("system"), content }),
    z.strictObject({ role: z.literal("user"), content }),
    z.strictObject({ role: z.literal("assistant"), content: content.nullish(), toolCalls: z.array(toolCall).max(1_000).optional() }),
    z.strictObject({ role: z.literal("tool"), content, toolCallId: z.string().min(1) }),
  ])
  .meta({ id: "ChatMessage" })
export type ChatMessage = z.infer<typeof chatMessage>

export const tool = z
  .strictObject({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "Expected 1 to 64 letters, digits, dashes or underscores"),
    description: z.string().optional(),
    parameters: jsonObject.default({ type: "object", properties: {} }).describe("JSON Schema of the arguments."),
    strict: z
      .boolean()
      .optional()
      .describe("Whether the provider is to hold the arguments to the schema. Not every schema, and not every provider, allows it."),
  })
  .meta({ id: "Tool" })
export type Tool = z.infer<typeof tool>

export const responseFormat = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("text") }),
    z.strictObject({ type: z.literal("json_object") }),
    z.strictObject({
      type: z.literal("json_schema"),
      name: z.string().min(1).max(64).default("response"),
      description: z.string().optional().describe("What the answer is for, in words for the model, where its provider takes them."),
      schema: jsonObject,
      strict: z
        .boolean()
        .optional()
        .describe(
          "Whether the provider, too, is to hold the answer to the schema, where it can: not every schema allows it. The answer is checked here in any case.",
        ),
    }),
  ])
  .meta({ id: "ResponseFormat" })
export type ResponseFormat = z.infer<typeof responseFormat>

export const providerOptions = z
  .custom<Record<string, JsonObject>>(isObject, "Expected an object")
  .superRefine((value, context) => {
    for (const [provider, options] of Object.entries(value)) {
      if (!isObject(options)) context.addIssue({ code: "invalid_type", expected: "object", path: [provider], input: options })
    }
  })
  .meta({
    description: "By provider: passed through to the provider of that name, ignored by the others.",
    type: "object",
    additionalProperties: { type: "object" },
    examples: [{ openai: { reasoning_effort: "low" } }],
  })

export const chatInput = z
  .strictObject({
    messages: z.array(chatMessage).min(1).max(10_000).describe("The conversation, oldest first."),
    maxOutputTokens: z.int().positive().max(10_000_000).optional().describe("Default: the provider's. Admission reserves as many tokens."),
    temperature: z.number().min(0).max(2).optional(),
    topP: z.number().gt(0).max(1).optional(),
    stop: z.array(z.string().min(1)).max(16).optional().describe("The answer ends before any of these."),
    tools: z.array(tool).max(1_000).optional(),
    toolChoice: z.union([z.enum(["auto", "none", "required"]), z.strictObject({ name: z.string().min(1) })]).optional(),
    responseFormat: responseFormat.optional(),
    providerOptions: providerOptions.optional(),
  })
  .meta({ id: "ChatInput" })
export type ChatInput = z.infer<typeof chatInput>

export const finishReason = z
  .enum(["stop", "length", "tool_calls", "content_filter", "other"])
  .meta({ id: "FinishReason", description: "Why the model stopped. `length` means that the output was cut at its token limit." })
export type FinishReason = z.infer<typeof finishReason>

export const chatOutput = z
  .strictObject({
    text: z.string(),
    json: z.json().nullable().describe("The parsed text when a JSON response format was asked for, else null."),
    toolCalls: z.array(toolCall),
    finishReason,
  })
  .meta({ id: "ChatOutput" })
export type ChatOutput = z.infer<typeof chatOutput>
