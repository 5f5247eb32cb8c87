import { describe, expect, test } from "vitest"
import { openChatStream } from "./chat-stream.ts"

const chunkOf = (delta: object, finish: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason: finish }] })

function bodyOf(...events: object[]) {
  const told: string[] = []
  const stream = openChatStream((text) => void told.push(text))
  for (const event of events) stream.take({ data: JSON.stringify(event) })
  return { told, body: stream.body() }
}

describe("openChatStream", () => {
  test("puts tool calls together by their index", () => {
    const { body, told } = bodyOf(
      chunkOf({ tool_calls: [{ index: 0, id: "c0", function: { name: "a", arguments: "" } }] }),
      chunkOf({ tool_calls: [{ index: 1, id: "c1", function: { name: "b", arguments: '{"y"' } }] }),
      chunkOf({ tool_calls: [{ index: 0, function: { arguments: '{"x":1}' } }] }),
      chunkOf({ tool_calls: [{ index: 1, function: { arguments: ":2}" } }] }),
      chunkOf({}, "tool_calls"),
    )
    expect(told).toEqual([])
    expect(body).toMatchObject({
      choices: [
        {
          finish_reason: "tool_calls",
          message: {
            tool_calls: [
              { id: "c0", function: { name: "a", arguments: '{"x":1}' } },
              { id: "c1", function: { name: "b", arguments: '{"y":2}' } },
            ],
          },
        },
      ],
    })
  })

  test("takes calls without an index as whole ones", () => {
    const call = (name: string) => ({ id: "", function: { name, arguments: "{}" } })
    const { body } = bodyOf(chunkOf({ tool_calls: [call("a")] }), chunkOf({ tool_calls: [call("b")] }, "stop"))
    expect(body).toMatchObject({ choices: [{ message: { tool_calls: [call("a"), call("b")] } }] })
  })

  test("keeps a refusal apart from the text", () => {
    const { body, told } = bodyOf(chunkOf({ refusal: "I " }), chunkOf({ refusal: "cannot." }, "stop"))
    expect(told).toEqual([])
    expect(body).toMatchObject({ choices: [{ message: { content: "", refusal: "I cannot." } }] })
  })

  test("passes over second choices, and a usage that cannot be read", () => {
    const second = { choices: [{ index: 1, delta: { content: "other" } }], usage: null }
    const { body, told } = bodyOf(chunkOf({ content: "one" }), second, { ...chunkOf({}, "stop"), usage: "much" })
    expect(told).toEqual(["one"])
    expect(body).toMatchObject({ choices: [{ message: { content: "one" } }], usage: "much" })
  })

  test("takes text in parts, of which not all are text", () => {
    const parts = [
      { type: "thinking", text: "hm" },
      { type: "text", text: "So" },
    ]
    expect(bodyOf(chunkOf({ content: parts }, "stop")).told).toEqual(["So"])
  })

  test("finds the failure that comes beside a piece", () => {
    const event = { ...chunkOf({ content: "" }, "error"), error: { code: 502, message: "Provider disconnected" } }
    expect(bodyOf(chunkOf({ content: "So" }), event).body).toEqual(event)
  })
})
