import type { Endpoint, Work } from "@sluice/core"
import { estimateInputTokens } from "./estimate-tokens.ts"

type Capability = NonNullable<Endpoint["capabilities"]>[number]

/** Whether the endpoint can serve this input at all: its kind, what the input needs, and its length. */
export function isCapable(endpoint: Endpoint, work: Work, supportsKind: (kind: Work["kind"]) => boolean): boolean {
  if (!supportsKind(work.kind)) return false
  const { capabilities, contextTokens } = endpoint
  if (capabilities && !neededBy(work).every((capability) => capabilities.includes(capability))) return false
  return contextTokens === undefined || estimateInputTokens(work) <= contextTokens
}

function neededBy(work: Work): readonly Capability[] {
  if (work.kind !== "chat") return []
  const { messages, tools, responseFormat } = work.input
  const needed: Capability[] = []
  if (messages.some(({ content }) => Array.isArray(content) && content.some(({ type }) => type === "image"))) needed.push("vision")
  if (tools && tools.length > 0) needed.push("tools")
  if (responseFormat?.type === "json_schema") needed.push("json_schema")
  return needed
}
