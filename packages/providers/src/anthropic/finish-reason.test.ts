import { expect, test } from "vitest"
import { mapFinishReason } from "./finish-reason.ts"

test.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "content_filter"],
  ["pause_turn", "other"],
  ["something new", "other"],
  [null, "other"],
])("%s is %s", (reason, expected) => {
  expect(mapFinishReason(reason)).toBe(expected)
})
