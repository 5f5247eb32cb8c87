import type { Prompt } from "../answers/prompt.ts"
import { estimateTokens } from "../answers/token-estimate.ts"
import type { MessageContent, MessagesRequest } from "./messages-request.ts"

/** The prompt of a request to Anthropic. */
export function readPrompt({ system, messages, tools, output_config }: MessagesRequest): Prompt {
  const texts = messages.map(({ content }) => textOf(content))
  const lastUser = messages.findLastIndex((message) => message.role === "user")
  const schemas = tools === undefined && output_config === undefined ? 0 : JSON.stringify([tools, output_config]).length
  const all = system === undefined ? texts : [textOf(system), ...texts]
  const characters = all.reduce((total, text) => total + text.length, schemas)
  const images = messages.reduce((total, { content }) => total + countBlocks(content, "image"), 0)
  return {
    lastUserText: texts[lastUser] ?? "",
    allText: all.join("\n"),
    tokens: Math.max(1, estimateTokens(characters, images)),
    answersToolResult: countBlocks(messages.at(-1)?.content ?? "", "tool_result") > 0,
  }
}

function textOf(content: MessageContent): string {
  if (typeof content === "string") return content
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
}

function countBlocks(content: MessageContent, type: "image" | "tool_result"): number {
  return typeof content === "string" ? 0 : content.filter((block) => block.type === type).length
}
