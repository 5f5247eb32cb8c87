import { InvalidArgumentError } from "commander"
import { parseDuration } from "./duration.ts"

/** A moment as ISO 8601: given as such, or as a time before now (`2h`). Throws `InvalidArgumentError`. */
export function parseMoment(now: () => number): (text: string) => string {
  return (text) => {
    if (/^\d{4}-\d{2}-\d{2}/.test(text)) return fromDate(text)
    return new Date(now() - parseAge(text)).toISOString()
  }
}

function fromDate(text: string): string {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new InvalidArgumentError(expected)
  return new Date(at).toISOString()
}

function parseAge(text: string): number {
  try {
    return parseDuration(text)
  } catch {
    throw new InvalidArgumentError(expected)
  }
}

const expected = "Expected a time as 2026-11-21T12:00:00Z, or how long ago, such as 2h."
