import { describe, expect, test } from "vitest"
import { defaultSettings } from "../settings/settings.ts"
import type { AcceptedCall, AnswerContext } from "../wire/wire.ts"
import { anthropicErrorReply } from "./errors.ts"
import { messagesOperation } from "./messages-operation.ts"

const valid = { model: "claude-sonnet-5", max_tokens: 100, messages: [{ role: "user", content: "Say hi" }] }
const context: AnswerContext = { id: "1", createdSeconds: 1, origin: "http://sim", flavour: "plain" }

function accept(body: unknown) {
  return messagesOperation.accept({ body, answers: defaultSettings.answers, models: null })
}

function acceptedCall(changes: object): AcceptedCall {
  const checked = accept({ ...valid, ...changes })
  if (!checked.ok) throw new Error(JSON.stringify(checked.refusal))
  return checked.value
}

/** The error that Anthropic would answer with. */
function errorOf(body: unknown): unknown {
  const checked = accept(body)
  if (checked.ok) throw new Error("The request was accepted.")
  const { status, body: reply } = anthropicErrorReply(checked.refusal, "req_1")
  expect(status).toBe(400)
  return reply
}

const tool = { name: "save", input_schema: { type: "object", properties: { title: { type: "string" } } } }

describe("a messages request that Anthropic refuses", () => {
  test.each<[string, object, string]>([
    ["without max_tokens", { max_tokens: undefined }, "max_tokens: Field required"],
    ["without messages", { messages: undefined }, "messages: Field required"],
    ["with an unknown key", { n: 2 }, "n: Extra inputs are not permitted"],
    [
      "with an unknown key inside",
      { messages: [{ role: "user", content: "x", name: "Ann" }] },
      "messages.0.name: Extra inputs are not permitted",
    ],
    ["with a value of another type", { temperature: "warm" }, "temperature: Input should be a valid number, not string"],
    ["with a value out of range", { temperature: 1.5 }, "temperature: Input should be less than or equal to 1"],
    ["with no messages", { messages: [] }, "messages: array should have at least 1 items"],
    ["with an empty text", { messages: [{ role: "user", content: "" }] }, "messages.0.content: string should have at least 1 characters"],
    [
      "with an unknown role",
      { messages: [{ role: "tool", content: "x" }] },
      "messages.0.role: Input should be 'user' or 'assistant' or 'system', not 'tool'",
    ],
    [
      "with an image of OpenAI's",
      { messages: [{ role: "user", content: [{ type: "image_url" }] }] },
      "messages.0.content.0.type: Input should be 'text' or 'image' or 'tool_result', not 'image_url'",
    ],
    [
      "that does not begin with the user",
      { messages: [{ role: "assistant", content: "x" }] },
      'messages: first message must use the "user" role',
    ],
    [
      "with a choice of tools but no tools",
      { tool_choice: { type: "any" } },
      "tool_choice: tool_choice may only be specified while providing tools",
    ],
    [
      "with more thinking than output",
      { thinking: { type: "enabled", budget_tokens: 2048 } },
      "thinking.budget_tokens: `max_tokens` must be greater than `thinking.budget_tokens`",
    ],
    [
      "choosing a tool that is not there",
      { tools: [tool], tool_choice: { type: "tool", name: "load" } },
      "tool_choice: Tool 'load' not found in provided tools",
    ],
    [
      "with the result of a tool that was not used",
      { messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "42" }] }] },
      expect.stringContaining("messages.0.content.0: unexpected `tool_use_id`"),
    ],
  ])("%s", (_, changes, message) => {
    expect(errorOf(JSON.parse(JSON.stringify({ ...valid, ...changes })))).toEqual({
      type: "error",
      request_id: "req_1",
      error: { type: "invalid_request_error", message },
    })
  })
})

describe("an accepted messages request", () => {
  test("counts the system prompt and charges its limit", () => {
    const call = acceptedCall({ system: "12345678", messages: [{ role: "user", content: "1234" }] })
    expect([call.promptTokens, call.maxOutputTokens]).toEqual([3, 100])
  })

  test("uses the tool that it must", () => {
    const answer = acceptedCall({ tools: [tool], tool_choice: { type: "any" } }).answer(context)
    expect(answer.kind === "json" && JSON.parse(answer.body)).toMatchObject({
      stop_reason: "tool_use",
      content: [{ type: "tool_use", name: "save", input: { title: expect.any(String) } }],
    })
  })

  test("may continue a conversation with tools", () => {
    const messages = [
      { role: "user", content: "save it" },
      { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "save", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "saved" }] },
    ]
    const answer = acceptedCall({ messages, tools: [tool] }).answer(context)
    expect(answer.kind === "json" && JSON.parse(answer.body)).toMatchObject({ stop_reason: "end_turn" })
  })

  test("is cut short as a tool's input without becoming invalid JSON", () => {
    const answer = acceptedCall({ tools: [tool], tool_choice: { type: "any" }, max_tokens: 1 }).answer(context)
    expect(answer.kind === "json" && JSON.parse(answer.body)).toMatchObject({
      stop_reason: "max_tokens",
      content: [{ type: "tool_use", input: {} }],
    })
  })
})
