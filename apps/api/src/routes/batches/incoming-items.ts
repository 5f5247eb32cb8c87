import type { IncomingItem } from "@sluice/engine"
import type { Request } from "express"
import { assertJsonBounds } from "../../middleware/json-body/assert-json-bounds.ts"
import { parseJson } from "../../middleware/json-body/parse-json.ts"
import { defaultMaxLineBytes, readRawLines } from "../../middleware/ndjson/read-lines.ts"
import { Problem } from "../../problems/problem.ts"

/** As for a job that comes by itself. */
const bounds = { maxDepth: 64, maxValues: 250_000 }
const whitespace = new Set([0x20, 0x09, 0x0d])

/** The items of a body of NDJSON, as they come. A line that cannot be read is an item too, which says why. Empty lines are none. */
export async function* itemsOfLines(request: Request): AsyncGenerator<IncomingItem> {
  for await (const { line, bytes } of readRawLines(request)) {
    if (bytes === null) yield tooLong(line)
    else if (!bytes.every((byte) => whitespace.has(byte))) yield itemOf(line, bytes)
  }
}

/** The items of a body of JSON, which as a whole is within its bounds. */
export function* itemsOfList(items: readonly unknown[]): Generator<IncomingItem> {
  for (const [index, value] of items.entries()) yield { line: index + 1, bytes: 0, value }
}

function itemOf(line: number, bytes: Buffer): IncomingItem {
  try {
    const value = parseJson(bytes)
    assertJsonBounds(value, bounds)
    return { line, bytes: bytes.length, value }
  } catch (error) {
    if (error instanceof Problem) return { line, unreadable: unreadable(error) }
    throw error
  }
}

function unreadable({ code, message, errors }: Problem): Extract<IncomingItem, { unreadable: unknown }>["unreadable"] {
  if (code === "validation_failed") return { kind: "unreadable", code, errors }
  // Within an item there is but one line.
  const detail = message.replace(" at line 1, column", " at column").replace("The body is", "The line is")
  return { kind: "unreadable", code: "malformed_json", errors: [{ pointer: "#", detail }] }
}

function tooLong(line: number): IncomingItem {
  const detail = `The line is longer than ${defaultMaxLineBytes} bytes, the most that one may have.`
  return { line, unreadable: { kind: "unreadable", code: "payload_too_large", errors: [{ pointer: "#", detail }] } }
}
