import { isUtf8 } from "node:buffer"
import { malformedJson } from "./body-problems.ts"
import { locateSyntaxError } from "./locate-syntax-error.ts"

const byteOrderMark = "\uFEFF"

/** The value that the bytes spell. Throws a `malformed_json` problem that says where they stop being JSON, without repeating them. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw malformedJson("The body is empty. Send a JSON object.")
  if (!isUtf8(bytes)) throw malformedJson("The body is not valid UTF-8.")
  const text = bytes.toString("utf8")
  const json = text.startsWith(byteOrderMark) ? text.slice(1) : text
  try {
    return JSON.parse(json)
  } catch (error) {
    if (error instanceof SyntaxError) throw malformedJson(describeSyntaxError(json))
    throw error
  }
}

function describeSyntaxError(text: string): string {
  const position = locateSyntaxError(text) ?? text.length
  if (position >= text.length) return "The JSON ends too early: something is not closed."
  const before = text.slice(0, position)
  const line = before.split("\n").length
  const column = position - before.lastIndexOf("\n")
  return `The JSON is not valid at line ${line}, column ${column}.`
}
