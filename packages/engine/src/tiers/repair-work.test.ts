import { describe, expect, test } from "vitest"
import { chatWork } from "../cache/testing/answer-cache-harness.ts"
import { repairWork } from "./repair-work.ts"

const work = chatWork("Title?", { temperature: 0.2, responseFormat: { type: "json_schema", name: "r", schema: { type: "object" } } })

describe("the request that repairs an answer", () => {
  test("is the conversation, the answer, what is wrong with it, and the demand for JSON", () => {
    const { kind, input } = repairWork(work, '{"titel": 1}', "/ must have required property 'title'")
    expect(kind).toBe("chat")
    expect(input).toEqual({
      ...work.input,
      messages: [...work.input.messages, { role: "assistant", content: '{"titel": 1}' }, expect.anything()],
    })
    const { role, content } = input.messages.at(-1) ?? {}
    expect(role).toBe("user")
    expect(content).toContain("/ must have required property 'title'")
    expect(content).toContain("satisfies the JSON Schema")
    expect(work.input.messages).toHaveLength(1)
  })

  test("asks for JSON that can be parsed where there is no schema", () => {
    const { input } = repairWork(chatWork("x", { responseFormat: { type: "json_object" } }), "no", "the answer is not JSON")
    expect(input.messages.at(-1)?.content).toContain("one JSON value that can be parsed")
  })

  test("sends no empty message, and no endless one", () => {
    expect(repairWork(work, " \n", "the answer is not JSON").input.messages.map(({ role }) => role)).toEqual(["user", "user"])
    const long = `begin${"x".repeat(1_000_000)}end`
    const quoted = String(repairWork(work, long, "why").input.messages[1]?.content)
    expect(quoted.length).toBeLessThan(33_000)
    expect(quoted).toMatch(/^beginx+\n\[\.\.\.\]\nx+end$/)
  })
})
