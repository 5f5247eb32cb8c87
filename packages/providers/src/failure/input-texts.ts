import type { ChatMessage, Json, Work } from "@sluice/core"

/** The texts of a job that a message must not repeat: what callers or their users wrote. */
export function inputTexts(work: Work): string[] {
  switch (work.kind) {
    case "chat":
      return work.input.messages.flatMap(messageTexts)
    case "embedding":
      return work.input.texts
    case "image":
      return [work.input.prompt]
    case "custom":
      return jsonTexts(work.input)
  }
}

function messageTexts(message: ChatMessage): string[] {
  const { content } = message
  const texts = typeof content === "string" ? [content] : (content ?? []).map((part) => (part.type === "text" ? part.text : part.url))
  const calls = message.role === "assistant" ? (message.toolCalls ?? []) : []
  return [...texts, ...calls.map((call) => call.arguments)]
}

function jsonTexts(value: Json): string[] {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null) return []
  return Object.values(value).flatMap(jsonTexts)
}
