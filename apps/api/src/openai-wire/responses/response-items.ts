import type { ChatMessage, ContentPart } from "@sluice/core"
import { z } from "zod"

const inputText = z.strictObject({ type: z.literal("input_text"), text: z.string() })
const inputImage = z.strictObject({
  type: z.literal("input_image"),
  image_url: z.string(),
  detail: z.enum(["auto", "low", "high", "original"]).nullish(),
  file_id: z.null().optional(),
})
/** Of answers, which are sent back as they came. */
const outputText = z.strictObject({
  type: z.literal("output_text"),
  text: z.string(),
  annotations: z.array(z.unknown()).optional(),
  logprobs: z.array(z.unknown()).optional(),
  parsed: z.unknown().optional(),
})
const refusalPart = z.strictObject({ type: z.literal("refusal"), refusal: z.string() })
const part = z.discriminatedUnion("type", [inputText, inputImage, outputText, refusalPart])
type Part = z.infer<typeof part>

const status = z.string().nullish()
const content = z.union([z.string(), z.array(part).min(1)])

const message = z.strictObject({
  type: z.literal("message").optional(),
  role: z.enum(["user", "assistant", "system", "developer"]),
  content,
  id: z.string().nullish(),
  status,
  phase: z.string().nullish(),
})
const functionCall = z.strictObject({
  type: z.literal("function_call"),
  call_id: z.string().min(1),
  name: z.string().min(1),
  arguments: z.string(),
  id: z.string().nullish(),
  status,
  parsed_arguments: z.unknown().optional(),
})
const functionCallOutput = z.strictObject({
  type: z.literal("function_call_output"),
  call_id: z.string().min(1),
  output: z.union([z.string(), z.array(inputText).min(1)]),
  id: z.string().nullish(),
  status,
})

export const responseItem = z.union([message, functionCall, functionCallOutput])
type ResponseItem = z.infer<typeof responseItem>

/** The items of an input as a conversation. Calls that follow one another, or their message, are one turn of the model's. */
export function toChatMessages(items: readonly ResponseItem[]): ChatMessage[] {
  const messages: ChatMessage[] = []
  for (const item of items) {
    const before = messages.at(-1)
    if (isCall(item) && before?.role === "assistant") messages.splice(-1, 1, withCall(before, item))
    else messages.push(isCall(item) ? withCall({ role: "assistant" }, item) : toMessage(item))
  }
  return messages
}

type FunctionCall = z.infer<typeof functionCall>
type AssistantMessage = Extract<ChatMessage, { role: "assistant" }>

function isCall(item: ResponseItem): item is FunctionCall {
  return item.type === "function_call"
}

function withCall(said: AssistantMessage, { call_id: id, name, arguments: written }: FunctionCall): AssistantMessage {
  return { ...said, toolCalls: [...(said.toolCalls ?? []), { id, name, arguments: written }] }
}

function toMessage(item: Exclude<ResponseItem, FunctionCall>): ChatMessage {
  if (item.type === "function_call_output") {
    const { output, call_id: toolCallId } = item
    return { role: "tool", toolCallId, content: typeof output === "string" ? output : output.map(toContentPart) }
  }
  const said = typeof item.content === "string" ? item.content : item.content.map(toContentPart)
  return { role: item.role === "developer" ? "system" : item.role, content: said }
}

function toContentPart(given: Part): ContentPart {
  switch (given.type) {
    case "input_text":
    case "output_text":
      return { type: "text", text: given.text }
    case "refusal":
      return { type: "text", text: given.refusal }
    case "input_image":
      return { type: "image", url: given.image_url, ...(given.detail && { detail: given.detail }) }
  }
}
