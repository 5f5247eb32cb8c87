import type { RequestIssue } from "../wire/request-issue.ts"
import { broken, type Rule } from "../wire/rules.ts"
import type { MessagesRequest } from "./messages-request.ts"

/** The rules between the fields of a request to Anthropic. */
export const messagesRules: readonly Rule<MessagesRequest>[] = [
  ({ messages }) => (messages[0]?.role === "user" ? null : broken(["messages"], 'first message must use the "user" role')),
  ({ tools, tool_choice }) =>
    tool_choice !== undefined && tool_choice.type !== "none" && (tools ?? []).length === 0
      ? broken(["tool_choice"], "tool_choice may only be specified while providing tools")
      : null,
  ({ tools, tool_choice }) =>
    tool_choice?.type === "tool" && !tools?.some((tool) => tool.name === tool_choice.name)
      ? broken(["tool_choice"], `Tool '${tool_choice.name}' not found in provided tools`)
      : null,
  ({ thinking, max_tokens }) =>
    thinking?.type === "enabled" && thinking.budget_tokens >= max_tokens
      ? broken(["thinking", "budget_tokens"], "`max_tokens` must be greater than `thinking.budget_tokens`")
      : null,
  orphanToolResult,
]

/** A result of a tool must answer a use of it in the message before. */
function orphanToolResult({ messages }: MessagesRequest): RequestIssue | null {
  for (const [index, { content }] of messages.entries()) {
    if (typeof content === "string") continue
    const used = usedTools(messages[index - 1]?.content)
    const orphan = content.findIndex((block) => block.type === "tool_result" && !used.has(block.tool_use_id))
    if (orphan !== -1) {
      return broken(
        ["messages", index, "content", orphan],
        "unexpected `tool_use_id` found in `tool_result` blocks. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
      )
    }
  }
  return null
}

function usedTools(content: MessagesRequest["messages"][number]["content"] | undefined): Set<string> {
  if (content === undefined || typeof content === "string") return new Set()
  return new Set(content.flatMap((block) => (block.type === "tool_use" ? [block.id] : [])))
}
