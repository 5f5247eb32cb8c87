import type { ChatMessage, ContentPart } from "@sluice/core"
import type { OpenAI } from "openai"
import { CallError } from "../wire/call-error.ts"

type Message = OpenAI.ChatCompletionMessageParam
type TextPart = OpenAI.ChatCompletionContentPartText
type Content = string | ContentPart[]

/** A conversation in OpenAI's form. Throws `CallError` for a picture where the wire has no room for one. */
export function convertMessages(messages: readonly ChatMessage[]): Message[] {
  return messages.map(convertMessage)
}

function convertMessage(message: ChatMessage): Message {
  switch (message.role) {
    case "system":
      return { role: "system", content: textOnly(message.content, "system") }
    case "user":
      return { role: "user", content: typeof message.content === "string" ? message.content : message.content.map(convertPart) }
    case "tool":
      return { role: "tool", tool_call_id: message.toolCallId, content: textOnly(message.content, "tool") }
    case "assistant":
      return assistantMessage(message)
  }
}

function assistantMessage({ content, toolCalls = [] }: Extract<ChatMessage, { role: "assistant" }>): Message {
  const text = content === null || content === undefined ? null : textOnly(content, "assistant")
  if (toolCalls.length === 0) return { role: "assistant", content: text ?? "" }
  return {
    role: "assistant",
    content: text,
    tool_calls: toolCalls.map((call) => ({ id: call.id, type: "function", function: { name: call.name, arguments: call.arguments } })),
  }
}

function convertPart(part: ContentPart): OpenAI.ChatCompletionContentPart {
  if (part.type === "text") return { type: "text", text: part.text }
  const { url, detail } = part
  return { type: "image_url", image_url: { url, ...(detail !== undefined && { detail }) } }
}

function textOnly(content: Content, role: ChatMessage["role"]): string | TextPart[] {
  if (typeof content === "string") return content
  return content.map((part) => {
    if (part.type === "text") return { type: "text", text: part.text }
    throw new CallError({
      type: "invalid_input",
      message: `a message of role ${role} cannot have pictures here; put them in a user message.`,
    })
  })
}
