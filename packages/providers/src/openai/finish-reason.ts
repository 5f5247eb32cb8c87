import type { FinishReason } from "@sluice/core"

const known: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "content_filter",
}

/** `finish_reason` in our terms. Gemini's compatible API appends a detail: `content_filter: SAFETY`. */
export function mapFinishReason(reason: string | null | undefined): FinishReason {
  return known[reason?.split(":")[0]?.trim() ?? ""] ?? "other"
}
