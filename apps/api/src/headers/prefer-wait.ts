import { maxWaitSeconds } from "@sluice/core"
import { headerProblem } from "../problems/validation-problem.ts"
import { unquote } from "./quoted-string.ts"

/** One preference (RFC 7240, 2): a name, a value or none, parameters, and the comma that parts it from the next. */
const preference =
  /\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*))?(?:\s*;[^,"]*(?:"(?:[^"\\]|\\.)*"[^,"]*)*)?\s*(?:,|$)/y

/**
 * The seconds of `wait` in a `Prefer` header, at most 60: a preference may be met in part. Null when it has no `wait`.
 * Other preferences are ignored, as the RFC demands, and of several `wait`s the first counts. A `wait` that is not a whole
 * number of seconds throws `validation_failed`.
 */
export function preferredWaitSeconds(header: string | undefined): number | null {
  const wait = header === undefined ? null : waitValue(header)
  if (wait === null) return null
  const seconds = unquote(wait) ?? wait
  if (/^\d{1,9}$/.test(seconds)) return Math.min(Number(seconds), maxWaitSeconds)
  throw headerProblem({ name: "Prefer", detail: `Expected wait to be a whole number of seconds, at most ${maxWaitSeconds}.` })
}

/** Reading ends where the header stops making sense. */
function waitValue(header: string): string | null {
  preference.lastIndex = 0
  for (let match = preference.exec(header); match !== null; match = preference.exec(header)) {
    const [, name = "", value = ""] = match
    if (name.toLowerCase() === "wait") return value
    if (preference.lastIndex === header.length) return null
  }
  return null
}
