import type { RateLimitReport } from "@sluice/core"
import { rateLimitReport, readWindow, tightest, type WindowHeaders } from "../headers/rate-limit-window.ts"
import type { ResponseHeaders } from "../headers/response-headers.ts"

function namesFor(measure: string): WindowHeaders {
  return {
    limit: `x-ratelimit-limit-${measure}`,
    remaining: `x-ratelimit-remaining-${measure}`,
    reset: `x-ratelimit-reset-${measure}`,
  }
}

const requestNames = namesFor("requests")
const tokenNames = [namesFor("tokens"), namesFor("project-tokens")]

/**
 * The `x-ratelimit-*` headers, with resets as durations such as `6m0s`. A project may have less tokens left than its
 * organization: the tighter one counts.
 */
export function readOpenaiRateLimits(headers: ResponseHeaders, nowMs: number): RateLimitReport | null {
  const tokens = tokenNames.map((names) => readWindow(headers, names, nowMs))
  return rateLimitReport(readWindow(headers, requestNames, nowMs), tightest(tokens))
}
