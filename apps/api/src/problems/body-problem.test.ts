import { parseWork, submitRequest } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { ZodError } from "zod"
import { bodyProblem } from "./body-problem.ts"

function chatErrors(input: unknown) {
  try {
    parseWork("chat", input)
    return []
  } catch (error) {
    if (!(error instanceof ZodError)) throw error
    return bodyProblem(error, { body: { input }, at: ["input"] }).errors
  }
}

function submitErrors(body: unknown) {
  const { error } = submitRequest.safeParse(body)
  return error === undefined ? [] : bodyProblem(error, { body }).errors
}

const ask = { role: "user", content: "Say ok" }

describe("bodyProblem", () => {
  test.each<[string, unknown, string, string]>([
    ["an unknown role", { messages: [{ role: "bot" }] }, "#/input/messages/0/role", 'Expected system, user, assistant or tool; got "bot".'],
    ["a missing role", { messages: [{}] }, "#/input/messages/0/role", "Expected system, user, assistant or tool; the field is missing."],
    ["a message that is none", { messages: [4] }, "#/input/messages/0", "Expected an object; got 4."],
    [
      "content of a wrong type",
      { messages: [{ role: "user", content: 3 }] },
      "#/input/messages/0/content",
      "Expected a string or an array; got 3.",
    ],
    ["no content", { messages: [{ role: "user" }] }, "#/input/messages/0/content", "Expected a string or an array; the field is missing."],
    ["no messages", { messages: [] }, "#/input/messages", "Expected at least 1 item; got 0."],
    [
      "an unknown part",
      { messages: [{ role: "user", content: [{ type: "txt" }] }] },
      "#/input/messages/0/content/0/type",
      'Expected text or image; got "txt".',
    ],
    [
      "a part with a number",
      { messages: [{ role: "user", content: [{ type: "text", text: 1 }] }] },
      "#/input/messages/0/content/0/text",
      "Expected a string; got 1.",
    ],
    ["too hot", { messages: [ask], temperature: 9 }, "#/input/temperature", "Expected at most 2; got 9."],
    ["no top", { messages: [ask], topP: 0 }, "#/input/topP", "Expected more than 0; got 0."],
    ["half a token", { messages: [ask], maxOutputTokens: 1.5 }, "#/input/maxOutputTokens", "Expected a whole number; got 1.5."],
    [
      "another tool choice",
      { messages: [ask], toolChoice: "foo" },
      "#/input/toolChoice",
      'Expected auto, none, required or an object; got "foo".',
    ],
    [
      "a nameless tool choice",
      { messages: [ask], toolChoice: { name: "" } },
      "#/input/toolChoice/name",
      "Expected at least 1 character; got 0.",
    ],
    ["an unknown key", { messages: [{ ...ask, "a/b~c": 1 }] }, "#/input/messages/0/a~1b~0c", "There is no such field."],
    ["null", { messages: null }, "#/input/messages", "Expected an array; got null."],
    [
      "options of no provider",
      { messages: [ask], providerOptions: { openai: [] } },
      "#/input/providerOptions/openai",
      "Expected an object; got an array.",
    ],
  ])("explains %s", (_what, input, pointer, detail) => {
    expect(chatErrors(input)).toMatchObject([{ pointer, detail }])
  })

  test("gives each unknown key its own error", () => {
    const body = JSON.parse('{"route":"chat","input":1,"a":1,"__proto__":2,"constructor":3}')
    const pointers = submitErrors(body).map(({ pointer, code }) => [pointer, code])
    expect(pointers).toEqual([
      ["#/a", "unknown_field"],
      ["#/__proto__", "unknown_field"],
      ["#/constructor", "unknown_field"],
    ])
  })

  test.each<[string, unknown, string, string]>([
    ["no object", [], "#", "Expected an object; got an array."],
    ["a missing route", { input: 1 }, "#/route", "Expected a string; the field is missing."],
    ["a bad name", { route: "A b", input: 1 }, "#/route", 'Expected 1 to 64 lower case letters, digits, dashes or underscores; got "A b".'],
    [
      "another priority",
      { route: "a", input: 1, options: { priority: "urgent" } },
      "#/options/priority",
      'Expected interactive, standard or bulk; got "urgent".',
    ],
    [
      "a time without zone",
      { route: "a", input: 1, options: { runAt: "now" } },
      "#/options/runAt",
      'Expected a timestamp such as 2026-11-20T18:00:00.000Z; got "now".',
    ],
    [
      "no URL",
      { route: "a", input: 1, webhook: { url: "x" } },
      "#/webhook/url",
      'Expected a URL such as https://app.example/hooks; got "x".',
    ],
    ["a number as metadata", { route: "a", input: 1, metadata: { b: 1 } }, "#/metadata/b", "Expected a string; got 1."],
    ["a nameless entry", { route: "a", input: 1, metadata: { "": "x" } }, "#/metadata/", "A key has 1 to 64 characters."],
    [
      "too many entries",
      { route: "a", input: 1, metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ""])) },
      "#/metadata",
      "At most 50 keys.",
    ],
  ])("explains %s", (_what, body, pointer, detail) => {
    expect(submitErrors(body)).toMatchObject([{ pointer, detail }])
  })

  test("never repeats a secret", () => {
    const errors = submitErrors({ route: "a", input: 1, webhook: { url: "https://a.example", secret: "hunter2" } })
    expect(errors).toMatchObject([{ pointer: "#/webhook/secret" }])
    expect(JSON.stringify(errors)).not.toContain("hunter2")
  })

  test("repeats no more than 80 characters of a value or a name", () => {
    const errors = [
      ...submitErrors({ route: "R".repeat(5_000), input: 1 }),
      ...submitErrors({ route: "a", input: 1, ["k".repeat(5_000)]: 1 }),
    ]
    expect(errors).toHaveLength(2)
    expect(JSON.stringify(errors).length).toBeLessThan(500)
  })
})
