import { describe, expect, test } from "vitest"
import { convertMessages } from "./convert-messages.ts"

const text = (value: string) => ({ type: "text", text: value })

describe("convertMessages", () => {
  test("takes system messages apart, wherever they stand", () => {
    const { system, messages } = convertMessages([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
      { role: "system", content: [{ type: "text", text: "Be kind." }] },
    ])
    expect(system).toEqual([text("Be brief."), text("Be kind.")])
    expect(messages).toEqual([{ role: "user", content: [text("Hello")] }])
  })

  test("lets the user say what is only a system message", () => {
    expect(convertMessages([{ role: "system", content: "Say ok" }])).toEqual({
      system: [],
      messages: [{ role: "user", content: [text("Say ok")] }],
    })
  })

  test("makes one message of neighbours with one role, results of tools among them", () => {
    const { messages } = convertMessages([
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: "Let me look.",
        toolCalls: [
          { id: "t1", name: "weather", arguments: '{"city":"Kiel"}' },
          { id: "t2", name: "weather", arguments: '{"city":"Bremen"}' },
        ],
      },
      { role: "tool", toolCallId: "t1", content: "rain" },
      { role: "tool", toolCallId: "t2", content: "sun" },
      { role: "user", content: "And?" },
    ])
    expect(messages).toEqual([
      { role: "user", content: [text("Weather?")] },
      {
        role: "assistant",
        content: [
          text("Let me look."),
          { type: "tool_use", id: "t1", name: "weather", input: { city: "Kiel" } },
          { type: "tool_use", id: "t2", name: "weather", input: { city: "Bremen" } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "t1", content: [text("rain")] },
          { type: "tool_result", tool_use_id: "t2", content: [text("sun")] },
          text("And?"),
        ],
      },
    ])
  })

  test("leaves out what is empty, since the wire refuses it", () => {
    const { messages } = convertMessages([
      { role: "user", content: "Hello" },
      { role: "assistant", content: "" },
      { role: "assistant", content: null },
      {
        role: "user",
        content: [
          { type: "text", text: "" },
          { type: "text", text: "Still there?" },
        ],
      },
    ])
    expect(messages).toEqual([{ role: "user", content: [text("Hello"), text("Still there?")] }])
  })

  test("sends pictures as links or as bytes", () => {
    const { messages } = convertMessages([
      {
        role: "user",
        content: [
          { type: "image", url: "https://cdn.example/1.png" },
          { type: "image", url: "data:image/webp;base64,UklGRg==" },
        ],
      },
    ])
    expect(messages[0]?.content).toEqual([
      { type: "image", source: { type: "url", url: "https://cdn.example/1.png" } },
      { type: "image", source: { type: "base64", media_type: "image/webp", data: "UklGRg==" } },
    ])
  })

  test("refuses pictures that the wire has no room for", () => {
    const bmp = { role: "user" as const, content: [{ type: "image" as const, url: "data:image/bmp;base64,Qk0=" }] }
    const inSystem = { role: "system" as const, content: [{ type: "image" as const, url: "https://cdn.example/1.png" }] }
    expect(() => convertMessages([bmp])).toThrow(
      expect.objectContaining({ type: "invalid_input", message: expect.stringContaining("image/bmp") }),
    )
    expect(() => convertMessages([inSystem])).toThrow(expect.objectContaining({ type: "invalid_input" }))
  })

  test.each([
    ['{"a":1}', { a: 1 }],
    ["", { arguments: "" }],
    ["[1]", { arguments: "[1]" }],
    ['{"a":', { arguments: '{"a":' }],
  ])("keeps arguments that a model wrote as %j", (written, input) => {
    const { messages } = convertMessages([{ role: "assistant", toolCalls: [{ id: "t", name: "f", arguments: written }] }])
    expect(messages[0]?.content).toEqual([{ type: "tool_use", id: "t", name: "f", input }])
  })
})
