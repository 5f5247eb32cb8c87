import type { Json } from "@sluice/core"
import type { JsonText } from "./job-document.ts"

declare global {
  interface JSON {
    /** ES2026: a piece of JSON that `stringify` writes as it stands. */
    rawJSON(text: string): object
  }
}

const negativeZero = JSON.rawJSON("-0")

/** The text of a JSON value. Unlike plain `JSON.stringify` it keeps the sign of `-0`, so that parsing gives back the very value. */
export function toJsonText(value: unknown): JsonText {
  return JSON.stringify(value, (_key, part: unknown) => (Object.is(part, -0) ? negativeZero : part))
}

export function fromJsonText(text: JsonText): Json {
  return JSON.parse(text)
}
