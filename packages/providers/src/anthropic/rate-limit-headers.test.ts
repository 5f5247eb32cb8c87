import { expect, test } from "vitest"
import { readAnthropicRateLimits } from "./rate-limit-headers.ts"

const nowMs = Date.parse("2026-11-20T18:00:00Z")
const split = {
  "anthropic-ratelimit-input-tokens-limit": "450000",
  "anthropic-ratelimit-input-tokens-remaining": "449000",
  "anthropic-ratelimit-output-tokens-limit": "90000",
  "anthropic-ratelimit-output-tokens-remaining": "100",
  "anthropic-ratelimit-output-tokens-reset": "2026-11-20T18:00:03Z",
}

test("takes the limit that binds, as the vendor says it", () => {
  const headers = {
    ...split,
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "49",
    "anthropic-ratelimit-requests-reset": "2026-11-20T18:00:01.200Z",
    "anthropic-ratelimit-tokens-limit": "540000",
    "anthropic-ratelimit-tokens-remaining": "449100",
    "anthropic-ratelimit-tokens-reset": "2026-11-20T18:00:02Z",
  }
  expect(readAnthropicRateLimits(headers, nowMs)).toEqual({
    requests: { limit: 50, remaining: 49, resetMs: 1_200 },
    tokens: { limit: 540_000, remaining: 449_100, resetMs: 2_000 },
  })
})

test("takes the tighter of input and output where it does not", () => {
  expect(readAnthropicRateLimits(split, nowMs)).toEqual({ requests: null, tokens: { limit: 90_000, remaining: 100, resetMs: 3_000 } })
  expect(readAnthropicRateLimits({}, nowMs)).toBeNull()
})
