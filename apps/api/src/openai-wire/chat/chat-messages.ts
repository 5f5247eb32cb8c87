import type { ChatMessage, ContentPart } from "@sluice/core"
import { z } from "zod"

const textPart = z.strictObject({ type: z.literal("text"), text: z.string() })
const imagePart = z.strictObject({
  type: z.literal("image_url"),
  image_url: z.strictObject({ url: z.string(), detail: z.enum(["auto", "low", "high", "original"]).nullish() }),
})
const refusalPart = z.strictObject({ type: z.literal("refusal"), refusal: z.string() })

const text = z.union([z.string(), z.array(textPart).min(1)])
const userContent = z.union([z.string(), z.array(z.discriminatedUnion("type", [textPart, imagePart])).min(1)])
const assistantContent = z.union([z.string(), z.array(z.discriminatedUnion("type", [textPart, refusalPart])).min(1)])

const functionCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string().min(1), arguments: z.string() }),
  /** Of streams. */
  index: z.int().optional(),
})

/** As answers have it; they are sent back as they came, with what only answers have. */
const assistantMessage = z.strictObject({
  role: z.literal("assistant"),
  content: assistantContent.nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(functionCall).nullish(),
  annotations: z.array(z.unknown()).nullish(),
  audio: z.null().optional(),
  function_call: z.null().optional(),
  parsed: z.unknown().optional(),
})

export const openaiMessage = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content: text }),
  z.strictObject({ role: z.literal("developer"), content: text }),
  z.strictObject({ role: z.literal("user"), content: userContent }),
  assistantMessage,
  z.strictObject({ role: z.literal("tool"), content: text, tool_call_id: z.string().min(1) }),
])
type OpenaiMessage = z.infer<typeof openaiMessage>

/** A message of OpenAI's as Sluice has it. */
export function toChatMessage(message: OpenaiMessage): ChatMessage {
  switch (message.role) {
    case "system":
    case "developer":
      return { role: "system", content: message.content }
    case "user":
      return { role: "user", content: typeof message.content === "string" ? message.content : message.content.map(toContentPart) }
    case "tool":
      return { role: "tool", content: message.content, toolCallId: message.tool_call_id }
    case "assistant":
      return fromAssistant(message)
  }
}

function fromAssistant({ content, refusal, tool_calls: calls }: z.infer<typeof assistantMessage>): ChatMessage {
  const toolCalls = (calls ?? []).map(({ id, function: called }) => ({ id, name: called.name, arguments: called.arguments }))
  // What it refused to say is what it said.
  const said = content ?? refusal ?? null
  return {
    role: "assistant",
    content: said === null || typeof said === "string" ? said : said.map(toContentPart),
    ...(toolCalls.length > 0 && { toolCalls }),
  }
}

function toContentPart(part: z.infer<typeof textPart | typeof imagePart | typeof refusalPart>): ContentPart {
  switch (part.type) {
    case "text":
      return part
    case "refusal":
      return { type: "text", text: part.refusal }
    case "image_url": {
      const { url, detail } = part.image_url
      return { type: "image", url, ...(detail && { detail }) }
    }
  }
}
