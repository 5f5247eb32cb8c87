import type { ChatMessage, Work } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { comparablePromptOf } from "./comparable-prompt.ts"
import { chatWork } from "./testing/answer-cache-harness.ts"

const user = (content: string): ChatMessage => ({ role: "user", content })
const system = (content: string): ChatMessage => ({ role: "system", content })
const chat = (...messages: ChatMessage[]): Work => ({ kind: "chat", input: { messages } })
const scopeOf = (work: Work) => comparablePromptOf(work)?.scope
const image = { type: "image", url: "https://a.example/1.png" } as const

describe("what of a prompt is compared", () => {
  test("is the text of the user's last message", () => {
    const content = [{ type: "text", text: "one" } as const, image, { type: "text", text: "two" } as const]
    expect(comparablePromptOf(chat(system("s"), user("first"), { role: "assistant", content: "a" }, user("last")))?.text).toBe("last")
    expect(comparablePromptOf(chat({ role: "user", content }))?.text).toBe("one\ntwo")
  })

  test("is compared whatever the sampling", () => {
    expect(scopeOf(chatWork("one", { temperature: 1, topP: 0.1, maxOutputTokens: 5, stop: ["x"] }))).toBe(scopeOf(chatWork("two")))
  })

  const base = [system("s"), user("before"), { role: "assistant", content: "a" } as const]
  const others: [string, Work][] = [
    ["the system message", chat(system("other"), ...base.slice(1), user("x"))],
    ["what was said before", chat(system("s"), user("something else"), { role: "assistant", content: "a" }, user("x"))],
    ["what was answered before", chat(system("s"), user("before"), { role: "assistant", content: "b" }, user("x"))],
    ["an image", chat(...base, { role: "user", content: [{ type: "text", text: "x" }, image] })],
    ["the tools", { kind: "chat", input: { messages: [...base, user("x")], tools: [{ name: "t", parameters: {} }] } }],
    ["the response format", { kind: "chat", input: { messages: [...base, user("x")], responseFormat: { type: "json_object" } } }],
    ["a provider's options", { kind: "chat", input: { messages: [...base, user("x")], providerOptions: { openai: { seed: 1 } } } }],
  ]
  test.each(others)("is not compared over another scope: %s", (_what, work) => {
    expect(scopeOf(chat(...base, user("y")))).toBe(scopeOf(chat(...base, user("x"))))
    expect(scopeOf(work)).toBeDefined()
    expect(scopeOf(work)).not.toBe(scopeOf(chat(...base, user("x"))))
  })

  const incomparable: [string, Work][] = [
    ["another kind", { kind: "custom", input: "text" }],
    ["a last word that is the assistant's", chat(user("x"), { role: "assistant", content: "The answer is" })],
    ["a result of a tool", chat(user("x"), { role: "tool", content: "r", toolCallId: "1" })],
    ["an image alone", chat({ role: "user", content: [image] })],
    ["nothing but blanks", chatWork(" \n")],
    ["a text of which only a part could be compared", chatWork("x".repeat(32_769))],
  ]
  test.each(incomparable)("is nothing in %s", (_what, work) => {
    expect(comparablePromptOf(work)).toBeNull()
  })

  test("is all of the longest text", () => {
    expect(comparablePromptOf(chatWork("x".repeat(32_768)))?.text).toHaveLength(32_768)
  })
})
