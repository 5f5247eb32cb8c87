import { expect, test } from "vitest"
import { chooseTool, type ToolChoice } from "./choose-tool.ts"

const tools = [
  { name: "get_weather", parameters: {} },
  { name: "send_mail", parameters: {} },
]

test.each<[ToolChoice, string, boolean, string | null]>([
  ["auto", "What is the time?", false, null],
  ["auto", "Please send_mail to Ann", false, "send_mail"],
  ["auto", "Please send_mail to Ann", true, null],
  ["none", "Please send_mail to Ann", false, null],
  ["required", "What is the time?", false, "get_weather"],
  ["required", "What is the time?", true, "get_weather"],
  [{ name: "send_mail" }, "What is the time?", false, "send_mail"],
  [{ name: "absent" }, "What is the time?", false, null],
])("choice %j, prompt %j, after a result: %s -> %s", (choice, prompt, answersToolResult, expected) => {
  expect(chooseTool({ tools, choice, prompt, answersToolResult })?.name ?? null).toBe(expected)
})
