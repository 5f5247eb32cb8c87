import { expect, test } from "vitest"
import { inputTexts } from "./input-texts.ts"

test("finds what people wrote in each kind of job", () => {
  const chat = inputTexts({
    kind: "chat",
    input: {
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", url: "https://cdn.example/secret.png?sig=1" },
          ],
        },
        { role: "assistant", content: null, toolCalls: [{ id: "call_1", name: "look", arguments: '{"at":"the river"}' }] },
        { role: "tool", content: "A sluice", toolCallId: "call_1" },
      ],
    },
  })
  expect(chat).toEqual(["Be brief.", "What is this?", "https://cdn.example/secret.png?sig=1", '{"at":"the river"}', "A sluice"])
  expect(inputTexts({ kind: "embedding", input: { texts: ["a", "b"] } })).toEqual(["a", "b"])
  expect(inputTexts({ kind: "image", input: { prompt: "a river" } })).toEqual(["a river"])
  expect(inputTexts({ kind: "custom", input: { a: "x", b: [{ c: "y" }, 3, null, true] } })).toEqual(["x", "y"])
})
