import type { JobResource } from "@sluice/core"
import { plainText } from "./plain-text.ts"

/** What a person wants to read of an output: its text where it has one, else JSON. */
export function outputText(output: NonNullable<JobResource["output"]>): string {
  const { text, toolCalls } = shapeOf(output)
  if (typeof text === "string" && text !== "" && !(Array.isArray(toolCalls) && toolCalls.length > 0)) return plainText(text)
  return plainText(JSON.stringify(output, null, 2))
}

function shapeOf(output: unknown): { readonly text?: unknown; readonly toolCalls?: unknown } {
  return typeof output === "object" && output !== null ? output : {}
}
