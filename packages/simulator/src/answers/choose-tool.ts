import type { Tool } from "./completion.ts"

export type ToolChoice = "none" | "auto" | "required" | { readonly name: string }

/**
 * The tool that the answer calls, or null for an answer in text. Left free, the simulator calls a tool when the prompt
 * contains its name, so that a test can ask for either; a result of a tool is always answered in text then.
 */
export function chooseTool(request: {
  tools: readonly Tool[]
  choice: ToolChoice
  prompt: string
  answersToolResult: boolean
}): Tool | null {
  const { tools, choice, prompt, answersToolResult } = request
  if (typeof choice === "object") return tools.find((tool) => tool.name === choice.name) ?? null
  if (choice === "required") return tools[0] ?? null
  if (choice === "none" || answersToolResult) return null
  return tools.find((tool) => prompt.includes(tool.name)) ?? null
}
