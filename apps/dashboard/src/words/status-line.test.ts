import { expect, test } from "vitest"
import { statusLineOf } from "./status-line.ts"

const queued = { status: "queued", waiting: null, provenance: null, error: null, cancelRequestedAt: null } as const
const provenance = {
  requested: { tier: "primary", model: "gpt-4o" },
  served: { tier: "primary", endpoint: "openai-eu", provider: "openai", model: "gpt-4o-2024", region: "eu" },
  quality: "full",
  degraded: false,
  degradedReason: null,
  cache: null,
  schemaValid: null,
  repairs: 0,
} as const

test("says what a job waits for, who served it, and what it failed with", () => {
  const waiting = { reason: "breaker_open", endpoint: "openai-eu", since: "", until: null, hint: null } as const
  expect(statusLineOf(queued)).toBe("in line")
  expect(statusLineOf({ ...queued, waiting })).toBe("waits for a breaker to close · openai-eu")
  expect(statusLineOf({ ...queued, status: "succeeded", provenance })).toBe("openai-eu · gpt-4o-2024")
  const cache = { kind: "exact", ageMs: 1, similarity: 1 } as const
  expect(statusLineOf({ ...queued, status: "succeeded", provenance: { ...provenance, cache } })).toBe("kept answer (exact) · primary")
  const ruled = { ...provenance, served: { tier: "rules", endpoint: null, provider: null, model: null, region: null } } as const
  expect(statusLineOf({ ...queued, status: "succeeded", provenance: ruled })).toBe("rules")
})
