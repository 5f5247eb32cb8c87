import type { ResponseFormat } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { chatWork } from "../testing/sample-call.ts"
import { chatOutputOf } from "./chat-output.ts"

const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 2 }

function outputFor(text: string, responseFormat?: ResponseFormat) {
  const { input } = chatWork(responseFormat === undefined ? {} : { responseFormat })
  return chatOutputOf({ input, text, toolCalls: [], finishReason: "stop", refusal: null, usage }).output
}

describe("chatOutputOf", () => {
  const schema: ResponseFormat = { type: "json_schema", name: "x", schema: { type: "object" } }

  test.each([
    ['{"a":1}', schema, { a: 1 }],
    ['{"a":1}', { type: "json_object" } as const, { a: 1 }],
    ['{"a":', schema, null],
    ["", schema, null],
    ['{"a":1}', { type: "text" } as const, null],
    ['{"a":1}', undefined, null],
  ])("%j with %j has the JSON %j", (text, format, json) => {
    expect(outputFor(text, format)).toEqual({ text, json, toolCalls: [], finishReason: "stop" })
  })

  const { input } = chatWork()
  const answer = { input, text: "", toolCalls: [], refusal: null, usage }

  test("an answer that was withheld is an error, with what it cost", () => {
    expect(() => chatOutputOf({ ...answer, finishReason: "content_filter" })).toThrow(
      expect.objectContaining({ type: "content_filter", usage }),
    )
    expect(() => chatOutputOf({ ...answer, finishReason: "stop", refusal: "I cannot help." })).toThrow("the model refused: I cannot help.")
  })

  test("one that was only cut short by a filter is an answer", () => {
    expect(chatOutputOf({ ...answer, text: "So far", finishReason: "content_filter" }).output.finishReason).toBe("content_filter")
  })

  test("calls of tools are the reason to stop, whatever the server says", () => {
    const toolCalls = [{ id: "c", name: "f", arguments: "{}" }]
    expect(chatOutputOf({ ...answer, toolCalls, finishReason: "stop" }).output.finishReason).toBe("tool_calls")
    expect(chatOutputOf({ ...answer, toolCalls, finishReason: "length" }).output.finishReason).toBe("length")
  })
})
