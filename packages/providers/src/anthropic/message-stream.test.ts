import { expect, test } from "vitest"
import { chatWork } from "../testing/sample-call.ts"
import { openMessageStream } from "./message-stream.ts"
import { answerToolName } from "./structured-output.ts"

const schema = { type: "json_schema" as const, name: "x", schema: { type: "object" } }

function bodyOf({ name, pieces, stopReason = "tool_use" }: { name: string; pieces: string[]; stopReason?: string }) {
  const told: string[] = []
  const stream = openMessageStream(chatWork({ responseFormat: schema }).input, (text) => void told.push(text))
  const events = [
    { type: "message_start", message: { model: "m", usage: { input_tokens: 3, output_tokens: 1 } } },
    { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "t", name, input: {} } },
    ...pieces.map((piece) => ({ type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: piece } })),
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: stopReason }, usage: { output_tokens: 9 } },
    { type: "an_event_of_tomorrow", index: 0 },
    { type: "message_stop" },
  ]
  for (const event of events) stream.take({ event: event.type, data: JSON.stringify(event) })
  return { told, body: () => stream.body() }
}

test("the arguments of the tool that stands in for structured output are the text, as they were written", () => {
  const { told, body } = bodyOf({ name: answerToolName, pieces: ['{"a": ', "1}"] })
  expect(told).toEqual(['{"a": ', "1}"])
  expect(body()).toMatchObject({
    content: [{ type: "tool_use", input: { a: 1 }, written: '{"a": 1}' }],
    usage: { input_tokens: 3, output_tokens: 9 },
  })
})

test("those of a tool of the caller's are not", () => {
  const { told, body } = bodyOf({ name: "get_weather", pieces: [] })
  expect(told).toEqual([])
  expect(body()).toMatchObject({ content: [{ name: "get_weather", input: {}, written: "{}" }] })
})

test("arguments that are no JSON are malformed, unless they were cut at the token limit", () => {
  expect(bodyOf({ name: "f", pieces: ['{"a'] }).body).toThrow(expect.objectContaining({ type: "malformed_response" }))
  expect(bodyOf({ name: answerToolName, pieces: ['{"a'], stopReason: "max_tokens" }).body()).toMatchObject({
    content: [{ written: '{"a' }],
  })
})
