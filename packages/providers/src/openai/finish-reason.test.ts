import { expect, test } from "vitest"
import { mapFinishReason } from "./finish-reason.ts"

test.each([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["content_filter", "content_filter"],
  ["content_filter: PROHIBITED_CONTENT", "content_filter"],
  ["something new", "other"],
  [null, "other"],
  [undefined, "other"],
])("%s is %s", (reason, expected) => {
  expect(mapFinishReason(reason)).toBe(expected)
})
