import { expect, test } from "vitest"
import { readOpenaiRateLimits } from "./rate-limit-headers.ts"

test("reads requests and tokens", () => {
  const headers = {
    "x-ratelimit-limit-requests": "3",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": "20s",
    "x-ratelimit-limit-tokens": "200000",
    "x-ratelimit-remaining-tokens": "199000",
    "x-ratelimit-reset-tokens": "6m0s",
  }
  expect(readOpenaiRateLimits(headers, 0)).toEqual({
    requests: { limit: 3, remaining: 0, resetMs: 20_000 },
    tokens: { limit: 200_000, remaining: 199_000, resetMs: 360_000 },
  })
})

test("takes the project's tokens where they are scarcer", () => {
  const headers = {
    "x-ratelimit-limit-tokens": "200000",
    "x-ratelimit-remaining-tokens": "199000",
    "x-ratelimit-limit-project-tokens": "10000",
    "x-ratelimit-remaining-project-tokens": "50",
    "x-ratelimit-reset-project-tokens": "12ms",
  }
  expect(readOpenaiRateLimits(headers, 0)).toEqual({ requests: null, tokens: { limit: 10_000, remaining: 50, resetMs: 12 } })
})

test("reads nothing from Azure's -1", () => {
  const headers = { "x-ratelimit-limit-tokens": "-1", "x-ratelimit-remaining-tokens": "-1", "x-ratelimit-reset-tokens": "0" }
  expect(readOpenaiRateLimits(headers, 0)).toBeNull()
})
