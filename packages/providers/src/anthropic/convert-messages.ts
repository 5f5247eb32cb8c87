import type { Anthropic } from "@anthropic-ai/sdk"
import type { ChatMessage, ContentPart, ToolCall } from "@sluice/core"
import { parseDataUrl } from "../images/data-url.ts"
import { CallError } from "../wire/call-error.ts"

type Block = Anthropic.ContentBlockParam
type TextBlock = Anthropic.TextBlockParam
type PartBlock = TextBlock | Anthropic.ImageBlockParam
type Turn = { role: "user" | "assistant"; content: Block[] }

export interface Conversation {
  readonly system: TextBlock[]
  readonly messages: Turn[]
}

/**
 * A conversation in Anthropic's form: system messages apart, results of tools as the user's, neighbours of one role as one
 * message. A conversation of system messages alone is said by the user, since the wire wants at least one message.
 */
export function convertMessages(messages: readonly ChatMessage[]): Conversation {
  const system = messages.filter(({ role }) => role === "system").flatMap(({ content }) => textBlocks(content ?? ""))
  const turns = mergeNeighbours(messages.flatMap(convertTurn))
  return turns.length === 0 ? { system: [], messages: [{ role: "user", content: system }] } : { system, messages: turns }
}

function convertTurn(message: ChatMessage): Turn[] {
  switch (message.role) {
    case "system":
      return []
    case "user":
      return [{ role: "user", content: partBlocks(message.content) }]
    case "tool":
      return [{ role: "user", content: [{ type: "tool_result", tool_use_id: message.toolCallId, content: partBlocks(message.content) }] }]
    case "assistant":
      return [{ role: "assistant", content: [...partBlocks(message.content ?? ""), ...(message.toolCalls ?? []).map(toolUse)] }]
  }
}

/** The wire refuses empty messages and empty texts. */
function mergeNeighbours(turns: readonly Turn[]): Turn[] {
  const merged: Turn[] = []
  for (const { role, content } of turns) {
    const last = merged.at(-1)
    if (last?.role === role) last.content.push(...content)
    else if (content.length > 0) merged.push({ role, content: [...content] })
  }
  return merged
}

function partBlocks(content: string | readonly ContentPart[]): PartBlock[] {
  const parts: readonly ContentPart[] = typeof content === "string" ? [{ type: "text", text: content }] : content
  return parts
    .filter((part) => part.type === "image" || part.text !== "")
    .map((part) => (part.type === "text" ? { type: "text", text: part.text } : imageBlock(part.url)))
}

function textBlocks(content: string | readonly ContentPart[]): TextBlock[] {
  return partBlocks(content).map((block) => {
    if (block.type === "text") return block
    throw new CallError({ type: "invalid_input", message: "a message of role system cannot have pictures; put them in a user message." })
  })
}

const mediaTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const

function imageBlock(url: string): Anthropic.ImageBlockParam {
  const data = parseDataUrl(url)
  if (data === null) return { type: "image", source: { type: "url", url } }
  const mediaType = mediaTypes.find((type) => type === data.contentType)
  if (mediaType === undefined) {
    throw new CallError({
      type: "invalid_input",
      message: `pictures of type ${data.contentType} are not supported here; send JPEG, PNG, GIF or WebP.`,
    })
  }
  return { type: "image", source: { type: "base64", media_type: mediaType, data: data.base64 } }
}

function toolUse({ id, name, arguments: written }: ToolCall): Anthropic.ToolUseBlockParam {
  return { type: "tool_use", id, name, input: argumentsObject(written) }
}

/** The wire wants an object. What a model wrote amiss is kept under one name, so that the conversation can go on. */
function argumentsObject(written: string): Record<string, unknown> {
  const parsed = parseOrNull(written)
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : { arguments: written }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
