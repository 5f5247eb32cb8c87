import { describe, expect, test } from "vitest"
import { defaultSettings } from "../settings/settings.ts"
import type { AcceptedCall, AnswerContext } from "../wire/wire.ts"
import { createChatOperation } from "./chat-operation.ts"
import { openaiErrorReply } from "./errors.ts"

const operation = createChatOperation({ pathModel: null, filterReport: null, onFilteredPrompt: "finish" })
const valid = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Say hi" }] }
const context: AnswerContext = { id: "1", createdSeconds: 1, origin: "http://sim", flavour: "plain" }

function accept(body: unknown) {
  return operation.accept({ body, answers: defaultSettings.answers, models: null })
}

function acceptedCall(changes: object): AcceptedCall {
  const checked = accept({ ...valid, ...changes })
  if (!checked.ok) throw new Error(JSON.stringify(checked.refusal))
  return checked.value
}

/** The error that OpenAI would answer with. */
function errorOf(body: unknown): unknown {
  const checked = accept(body)
  if (checked.ok) throw new Error("The request was accepted.")
  const { status, body: reply } = openaiErrorReply(checked.refusal)
  expect(status).toBe(400)
  return reply
}

function invalid(param: string | null, code: string | null, message?: string) {
  return { error: { type: "invalid_request_error", param, code, message: message ?? expect.any(String) } }
}

const tool = { type: "function", function: { name: "save", parameters: { type: "object" } } }

describe("a chat request that OpenAI refuses", () => {
  test.each<[string, object, object]>([
    [
      "without messages",
      { messages: undefined },
      invalid("messages", "missing_required_parameter", "Missing required parameter: 'messages'."),
    ],
    ["without model", { model: undefined }, invalid("model", "missing_required_parameter")],
    ["with an unknown key", { temprature: 1 }, invalid("temprature", "unknown_parameter", "Unknown parameter: 'temprature'.")],
    [
      "with an unknown key inside",
      { messages: [{ role: "user", content: "x", extra: 1 }] },
      invalid("messages[0].extra", "unknown_parameter"),
    ],
    [
      "with a value of another type",
      { temperature: "warm" },
      invalid("temperature", "invalid_type", "Invalid type for 'temperature': expected number, but got string instead."),
    ],
    ["with content of another type", { messages: [{ role: "user", content: 5 }] }, invalid("messages[0].content", "invalid_type")],
    ["with a value out of range", { temperature: 3 }, invalid("temperature", "integer_above_max_value")],
    ["with no messages", { messages: [] }, invalid("messages", "array_below_min_length")],
    [
      "with an unknown role",
      { messages: [{ role: "bot", content: "x" }] },
      invalid("messages[0].role", "invalid_value", expect.stringContaining("Invalid value: 'bot'. Supported values are: 'user'")),
    ],
    [
      "with an unknown kind of part",
      { messages: [{ role: "user", content: [{ type: "video", url: "x" }] }] },
      invalid("messages[0].content[0].type", "invalid_value"),
    ],
    [
      "with an image that is neither a URL nor data",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "file:///etc/passwd" } }] }] },
      invalid("messages[0].content[0].image_url.url", "invalid_value"),
    ],
    ["with both token limits", { max_tokens: 1, max_completion_tokens: 1 }, invalid("max_tokens", "invalid_parameter_combination")],
    ["with max_tokens for a reasoning model", { model: "o3-mini", max_tokens: 5 }, invalid("max_tokens", "unsupported_parameter")],
    ["with a temperature for a reasoning model", { model: "gpt-5", temperature: 0.2 }, invalid("temperature", "unsupported_value")],
    ["with stream options but no stream", { stream_options: { include_usage: true } }, invalid("stream_options", null)],
    ["with a choice of tools but no tools", { tool_choice: "auto" }, invalid("tool_choice", null)],
    [
      "choosing a tool that is not there",
      { tools: [tool], tool_choice: { type: "function", function: { name: "load" } } },
      invalid("tool_choice", null),
    ],
    [
      "with the result of a tool that was not called",
      { messages: [{ role: "tool", content: "42", tool_call_id: "call_1" }] },
      invalid("messages[0].role", null),
    ],
    [
      "in JSON mode without the word",
      { response_format: { type: "json_object" } },
      invalid("messages", null, expect.stringContaining("'json'")),
    ],
    [
      "with a strict schema that is not",
      { response_format: { type: "json_schema", json_schema: { name: "x", strict: true, schema: { type: "object", properties: {} } } } },
      invalid(
        "response_format",
        null,
        "Invalid schema for response_format 'x': In context=(), 'additionalProperties' is required to be supplied and to be false.",
      ),
    ],
    [
      "with a strict tool that is not",
      { tools: [{ type: "function", function: { name: "x", strict: true, parameters: { type: "object" } } }] },
      invalid("tools[0].function.parameters", "invalid_function_parameters"),
    ],
    [
      "with a bad name of a schema",
      { response_format: { type: "json_schema", json_schema: { name: "a b", schema: {} } } },
      invalid("response_format.json_schema.name", "invalid_value"),
    ],
  ])("%s", (_, changes, expected) => {
    expect(errorOf(JSON.parse(JSON.stringify({ ...valid, ...changes })))).toEqual(expected)
  })

  test.each([null, [], "text", 5])("because it is %j", (body) => {
    expect(errorOf(body)).toEqual(invalid("", "invalid_type"))
  })
})

describe("an accepted chat request", () => {
  test("counts four characters as a token and an image as 85", () => {
    const image = { type: "image_url", image_url: { url: "https://example.com/a.png" } }
    const content = [{ type: "text", text: "12345678" }, image]
    expect(acceptedCall({ messages: [{ role: "user", content }] }).promptTokens).toBe(87)
  })

  test("says what it may use: its limit for each choice, or no limit", () => {
    expect(acceptedCall({ max_tokens: 10, n: 3 }).maxOutputTokens).toBe(30)
    expect(acceptedCall({ max_completion_tokens: 7 }).maxOutputTokens).toBe(7)
    expect(acceptedCall({}).maxOutputTokens).toBeNull()
  })

  test("of Azure has its model from the path", () => {
    const azure = createChatOperation({ pathModel: "deployment", filterReport: null, onFilteredPrompt: "refuse" })
    const checked = azure.accept({ body: { messages: valid.messages }, answers: defaultSettings.answers, models: null })
    expect(checked).toMatchObject({ ok: true, value: { model: "deployment", onFilteredPrompt: "refuse" } })
  })

  test("is answered to the last user message, as often as asked", () => {
    const messages = [
      { role: "system", content: "Be brief" },
      { role: "user", content: "First" },
      { role: "assistant", content: "Echo: First" },
      { role: "user", content: "Second" },
    ]
    const answer = acceptedCall({ messages, n: 2 }).answer(context)
    expect(answer.kind === "json" && JSON.parse(answer.body)).toMatchObject({
      choices: [
        { index: 0, message: { content: "Echo: Second" } },
        { index: 1, message: { content: "Echo: Second" } },
      ],
      usage: { completion_tokens: 6, total_tokens: expect.any(Number) },
    })
  })

  test("may continue a conversation with tools", () => {
    const messages = [
      { role: "user", content: "save it" },
      { role: "assistant", content: null, tool_calls: [{ id: "c1", type: "function", function: { name: "save", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "c1", content: "saved" },
    ]
    const answer = acceptedCall({ messages, tools: [tool] }).answer(context)
    expect(answer.kind === "json" && JSON.parse(answer.body)).toMatchObject({
      choices: [{ message: { content: "Echo: save it" }, finish_reason: "stop" }],
    })
  })
})
