import { execFileSync } from "node:child_process"
import { expect, test } from "vitest"
import { curlOf, shellQuote } from "./curl.ts"

test("a quoted text is one word to a shell, whatever is in it", () => {
  for (const text of ["", "it's", 'a\nb $HOME `id` \\ "x"', "''"]) {
    expect(execFileSync("sh", ["-c", `printf %s ${shellQuote(text)}`], { encoding: "utf8" })).toBe(text)
  }
})

test("a job as curl sends the very job", () => {
  const request = { route: "chat", input: { messages: [{ role: "user", content: 'it\'s "here"' }] } }
  const [, data = ""] = curlOf("http://a.example", request).split("  -d ")
  expect(JSON.parse(execFileSync("sh", ["-c", `printf %s ${data}`], { encoding: "utf8" }))).toEqual(request)
})
