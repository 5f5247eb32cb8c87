import { expect, test } from "vitest"
import { provenanceSentences } from "./provenance.ts"

const provenance = {
  requested: { tier: "primary", model: "gpt-4o" },
  served: { tier: "fallback", endpoint: "small-eu", provider: "openai", model: "small-1", region: "eu" },
  quality: "reduced",
  degraded: true,
  degradedReason: "openai-eu breaker_open for 12 s",
  cache: null,
  schemaValid: null,
  repairs: 0,
} as const
const sentences = (changes: object, cost = null) => provenanceSentences({ provenance: { ...provenance, ...changes }, cost }, [])

test("says what was asked for, who served it and why that one", () => {
  expect(sentences({})).toEqual([
    "Asked for gpt-4o, served by small-eu (small-1, eu) because openai-eu was open for 12 s. Quality: reduced.",
  ])
  expect(sentences({ degraded: false })).toEqual(["Asked for gpt-4o, served by small-eu (small-1, eu)."])
  expect(sentences({ degradedReason: "openai-eu: it had no answer." })[0]).toContain("because openai-eu: it had no answer. Quality")
})

test("tells answers that no model gave", () => {
  const cache = { kind: "semantic", ageMs: 720_000, similarity: 0.934 } as const
  expect(sentences({ cache, degradedReason: null })[0]).toBe(
    "Asked for gpt-4o, served by a kept answer, 12 min old, whose prompt was 93 % alike. Quality: reduced.",
  )
  expect(sentences({ cache: { ...cache, kind: "exact" }, degraded: false })[0]).toBe(
    "Asked for gpt-4o, answered from the exact cache with an answer 12 min old.",
  )
  const served = { tier: "rules", endpoint: null, provider: null, model: null, region: null }
  expect(sentences({ served, degradedReason: null })[0]).toContain("served by the rules tier, without a model.")
})

test("tells repairs", () => {
  expect(sentences({ schemaValid: true, repairs: 1 })[1]).toBe("The output satisfies the schema, after 1 repair.")
})
