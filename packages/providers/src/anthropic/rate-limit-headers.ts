import type { RateLimitReport } from "@sluice/core"
import { rateLimitReport, readWindow, tightest, type WindowHeaders } from "../headers/rate-limit-window.ts"
import type { ResponseHeaders } from "../headers/response-headers.ts"

function namesFor(measure: string): WindowHeaders {
  return {
    limit: `anthropic-ratelimit-${measure}-limit`,
    remaining: `anthropic-ratelimit-${measure}-remaining`,
    reset: `anthropic-ratelimit-${measure}-reset`,
  }
}

const requestNames = namesFor("requests")
const tokenNames = namesFor("tokens")
const splitTokenNames = [namesFor("input-tokens"), namesFor("output-tokens")]

/**
 * The `anthropic-ratelimit-*` headers, with resets as RFC 3339 timestamps. `tokens` already is the limit that binds;
 * where it is missing, the tighter of input and output stands for it.
 */
export function readAnthropicRateLimits(headers: ResponseHeaders, nowMs: number): RateLimitReport | null {
  const split = splitTokenNames.map((names) => readWindow(headers, names, nowMs))
  const tokens = readWindow(headers, tokenNames, nowMs) ?? tightest(split)
  return rateLimitReport(readWindow(headers, requestNames, nowMs), tokens)
}
