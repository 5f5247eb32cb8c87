import type { FinishReason } from "@sluice/core"

const known: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
}

/** `stop_reason` in our terms. */
export function mapFinishReason(reason: string | null | undefined): FinishReason {
  return known[reason ?? ""] ?? "other"
}
