import type { Prompt } from "../answers/prompt.ts"
import { estimateTokens } from "../answers/token-estimate.ts"
import type { ChatMessage, ChatRequest } from "./chat-request.ts"

/** The prompt of a request to OpenAI. */
export function readPrompt({ messages, tools, response_format }: ChatRequest): Prompt {
  const texts = messages.map(textOf)
  const lastUser = messages.findLastIndex((message) => message.role === "user")
  const schemas = tools === undefined && response_format === undefined ? 0 : JSON.stringify([tools, response_format]).length
  const characters = texts.reduce((total, text) => total + text.length, schemas)
  const images = messages.reduce((total, message) => total + countImages(message), 0)
  return {
    lastUserText: texts[lastUser] ?? texts.at(-1) ?? "",
    allText: texts.join("\n"),
    tokens: Math.max(1, estimateTokens(characters, images)),
    answersToolResult: messages.at(-1)?.role === "tool",
  }
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === "string") return content
  return (content ?? []).flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")
}

function countImages({ content }: ChatMessage): number {
  return Array.isArray(content) ? content.filter((part) => part.type === "image_url").length : 0
}
