import type { Json, JsonObject, Work } from "@sluice/core"

/** The text that a rule works on: of a chat, what the user said last; of anything else, the input itself or its `text`. */
export function inputTextOf(work: Work): string | null {
  switch (work.kind) {
    case "chat": {
      const content = work.input.messages.findLast(({ role }) => role === "user")?.content
      if (content === null || content === undefined) return null
      return typeof content === "string" ? content : content.flatMap((part) => (part.type === "text" ? part.text : [])).join("\n")
    }
    case "custom":
      return textOf(work.input)
    case "embedding":
    case "image":
      return null
  }
}

function textOf(input: Json): string | null {
  if (typeof input === "string") return input
  return isObject(input) && typeof input.text === "string" ? input.text : null
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
