import { parseDurationMs } from "./parse-duration.ts"
import { headerOf, type ResponseHeaders, serverTimeMs } from "./response-headers.ts"

const spoken = /\b(?:try again|retry) (?:in|after) (\d+(?:\.\d+)?) ?(milliseconds?|seconds?|minutes?|hours?|days?)\b/i
const goDuration = /\b(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)(?!\w)/i

/**
 * How long the server asked to be left alone, in milliseconds: `retry-after-ms`, `x-ms-retry-after-ms`, or `retry-after`
 * as seconds or an HTTP date (RFC 9110, 10.2.3), the more precise first. Null when it did not say.
 */
export function retryAfterMsOf(headers: ResponseHeaders, nowMs: number): number | null {
  return millisecondsOf(headers, "retry-after-ms") ?? millisecondsOf(headers, "x-ms-retry-after-ms") ?? secondsOrDate(headers, nowMs)
}

function millisecondsOf(headers: ResponseHeaders, name: string): number | null {
  const text = headerOf(headers, name)?.trim() ?? ""
  return /^\d+(?:\.\d+)?$/.test(text) ? Math.ceil(Number(text)) : null
}

function secondsOrDate(headers: ResponseHeaders, nowMs: number): number | null {
  const text = headerOf(headers, "retry-after")
  if (text === null) return null
  const durationMs = parseDurationMs(text)
  if (durationMs !== null) return durationMs
  // Date.parse would read "-5" as a year.
  const date = /^[a-z]/i.test(text.trim()) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - serverTimeMs(headers, nowMs))
}

/** The same where it is only written in the message: "Please try again in 6m0s", "Please retry after 12 seconds". */
export function retryAfterMsInWords(words: string): number | null {
  const exact = goDuration.exec(words)?.[1]
  if (exact !== undefined) return parseDurationMs(exact)
  const [, amount, unit] = spoken.exec(words) ?? []
  if (amount === undefined || unit === undefined) return null
  const short = /^milli/i.test(unit) ? "ms" : unit.slice(0, 1).toLowerCase()
  return parseDurationMs(`${amount}${short}`)
}
