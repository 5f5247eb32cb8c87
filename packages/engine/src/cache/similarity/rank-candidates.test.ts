import type { CacheCandidate } from "@sluice/core"
import fc from "fast-check"
import { expect, test } from "vitest"
import { unitVector } from "./feature-hash.ts"
import { rankCandidates } from "./rank-candidates.ts"
import { cosine } from "./similarity.ts"

const freshUntil = new Date(0)
const component = fc.integer({ min: -3, max: 3 })
const unit = fc
  .tuple(component, component, component)
  .map((values) => unitVector(values))
  .filter((vector) => vector !== null)

test("ranking finds all that reach the threshold, the most similar first, the earlier of equals first", () => {
  const request = fc.record({
    vector: unit,
    others: fc.array(unit, { maxLength: 40 }),
    threshold: fc.double({ min: 0.1, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(request, fc.integer({ min: 1, max: 50 }), ({ vector, others, threshold }, limit) => {
      const candidates = others.map((values, index): CacheCandidate => ({ requestKey: String(index), values, freshUntil }))
      const ranked = rankCandidates({ vector, candidates, threshold, limit })
      const expected = candidates
        .map((candidate) => ({ candidate, similarity: cosine(vector, candidate.values) }))
        .filter(({ similarity }) => similarity >= threshold)
        .toSorted((a, b) => b.similarity - a.similarity)
      expect(ranked).toEqual(expected.slice(0, limit))
    }),
  )
})

test("the threshold is inclusive, and other dimensions are not comparable", () => {
  const candidate = (requestKey: string, ...values: number[]) => ({ requestKey, values: Float32Array.from(values), freshUntil })
  const candidates = [candidate("same", 0.6, 0.8), candidate("near", 0.8, 0.6), candidate("longer", 0.6, 0.8, 0)]
  const keys = (threshold: number) =>
    rankCandidates({ vector: Float32Array.of(0.6, 0.8), candidates, threshold, limit: 9 }).map(
      ({ candidate: { requestKey } }) => requestKey,
    )
  expect(keys(1)).toEqual(["same"])
  expect(keys(0.96)).toEqual(["same", "near"])
  expect(keys(0.961)).toEqual(["same"])
})
