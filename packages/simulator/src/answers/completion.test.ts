import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type CompletionRequest, complete, type Flavour } from "./completion.ts"
import type { AnswerText } from "./compose-text.ts"

const plainRequest: CompletionRequest = { prompt: "Say hello to the world", maxTokens: null, stop: [], schema: null, tool: null }
const answers: AnswerText = { style: "echo", text: null, outputTokens: null }
const schema = { type: "object", properties: { title: { type: "string" } }, required: ["title"] }

function completeWith(request: Partial<CompletionRequest>, flavour: Flavour = "plain") {
  return complete({ ...plainRequest, ...request }, { flavour, answers })
}

describe("a completion", () => {
  test("echoes the prompt", () => {
    expect(completeWith({})).toEqual({
      text: "Echo: Say hello to the world",
      toolCall: null,
      finish: "stop",
      stopSequence: null,
      outputTokens: 7,
    })
  })

  test("is cut at the limit of tokens and says so", () => {
    expect(completeWith({ maxTokens: 2 })).toMatchObject({ text: "Echo: Sa", finish: "length", outputTokens: 2 })
  })

  test("is left alone by a limit that it just meets", () => {
    expect(completeWith({ maxTokens: 7 })).toMatchObject({ text: "Echo: Say hello to the world", finish: "stop" })
  })

  test("ends before the stop sequence that comes first", () => {
    expect(completeWith({ stop: ["world", "hello", "absent"] })).toMatchObject({
      text: "Echo: Say ",
      finish: "stop_sequence",
      stopSequence: "hello",
    })
  })

  test("is JSON of the schema when one is given", () => {
    expect(JSON.parse(completeWith({ schema }).text)).toEqual({ title: expect.any(String) })
  })

  test("is a call of the tool when one is to be called", () => {
    const completion = completeWith({ tool: { name: "save", parameters: schema } })
    expect(completion).toMatchObject({ text: "", finish: "tool_call", toolCall: { name: "save" } })
    expect(JSON.parse(completion.toolCall?.arguments ?? "")).toEqual({ title: expect.any(String) })
  })

  test("gives a tool without a schema an object", () => {
    expect(completeWith({ tool: { name: "ping", parameters: {} } }).toolCall?.arguments).toBe("{}")
  })

  test("never takes more tokens than allowed", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), fc.boolean(), (prompt, maxTokens, json) => {
        const completion = completeWith({ prompt, maxTokens, schema: json ? schema : null })
        expect(completion.outputTokens).toBeLessThanOrEqual(maxTokens)
      }),
    )
  })
})

describe("a deviating completion", () => {
  test("is withheld by the content filter", () => {
    expect(completeWith({}, "content_filter")).toMatchObject({ text: "", finish: "content_filter", outputTokens: 0 })
  })

  test("is cut short by its length", () => {
    expect(completeWith({}, "length")).toMatchObject({ text: "Echo: Say hell", finish: "length" })
  })

  test("cuts the arguments of a tool short as well", () => {
    const completion = completeWith({ tool: { name: "save", parameters: schema } }, "length")
    expect(completion.finish).toBe("length")
    expect(() => JSON.parse(completion.toolCall?.arguments ?? "")).toThrow(SyntaxError)
  })

  test("breaks its schema", () => {
    expect(JSON.parse(completeWith({ schema }, "schema_violation").text)).toEqual({})
  })

  test("is prose where JSON was wanted", () => {
    expect(() => JSON.parse(completeWith({ schema }, "not_json").text)).toThrow(SyntaxError)
  })

  test.each(["schema_violation", "not_json"] as const)("is plain for %s when no JSON was wanted", (flavour) => {
    expect(completeWith({}, flavour)).toEqual(completeWith({}))
  })
})
