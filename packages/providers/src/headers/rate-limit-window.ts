import type { RateLimitReport, RateLimitWindow } from "@sluice/core"
import { parseDurationMs } from "./parse-duration.ts"
import { headerOf, type ResponseHeaders, serverTimeMs } from "./response-headers.ts"

export interface WindowHeaders {
  readonly limit: string
  readonly remaining: string
  readonly reset: string
}

/**
 * One allowance from its three headers. Null when none of them says anything: a header that is missing, does not parse or
 * is negative (Azure's -1 for "unknown") says nothing. `reset` is a duration or an RFC 3339 timestamp.
 */
export function readWindow(headers: ResponseHeaders, names: WindowHeaders, nowMs: number): RateLimitWindow | null {
  const limit = countOf(headers, names.limit)
  const remaining = countOf(headers, names.remaining)
  if (limit === null && remaining === null) return null
  return { limit, remaining, resetMs: resetMsOf(headers, names.reset, nowMs) }
}

function countOf(headers: ResponseHeaders, name: string): number | null {
  const text = headerOf(headers, name)?.trim() ?? ""
  return /^\d+$/.test(text) ? Number(text) : null
}

function resetMsOf(headers: ResponseHeaders, name: string, nowMs: number): number | null {
  const text = headerOf(headers, name)
  if (text === null) return null
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return parseDurationMs(text)
  const resetAt = Date.parse(text)
  return Number.isNaN(resetAt) ? null : Math.max(0, resetAt - serverTimeMs(headers, nowMs))
}

/** The window with the smallest share left, which is the one that will refuse first. */
export function tightest(windows: readonly (RateLimitWindow | null)[]): RateLimitWindow | null {
  const known = windows.filter((window) => window !== null)
  return known.toSorted((a, b) => shareLeft(a) - shareLeft(b))[0] ?? null
}

function shareLeft({ limit, remaining }: RateLimitWindow): number {
  if (remaining === null) return 1
  if (remaining === 0) return 0
  return limit === null ? 1 : remaining / limit
}

/** Null when neither part is known. */
export function rateLimitReport(requests: RateLimitWindow | null, tokens: RateLimitWindow | null): RateLimitReport | null {
  return requests === null && tokens === null ? null : { requests, tokens }
}
