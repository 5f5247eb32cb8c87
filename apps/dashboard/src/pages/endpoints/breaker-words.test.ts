import { expect, test } from "vitest"
import { rankedErrors, reasonOf } from "./breaker-words.ts"

const at = "2026-11-20T18:00:00.000Z"

test.each([
  [{ state: "open", by: null, calls: { total: 20, failed: 12, slow: 0 } }, "12 of 20 calls failed"],
  [{ state: "open", by: null, calls: { total: 20, failed: 0, slow: 17 } }, "17 of 20 calls were slow"],
  [{ state: "half_open", by: null, calls: null }, "its time was over: probes go through"],
  [{ state: "closed", by: null, calls: { total: 3, failed: 0, slow: 0 } }, "3 of 3 probes were answered"],
  [{ state: "open", by: "key_ada", calls: null }, "by key_ada"],
  [{ state: "closed", by: null, calls: null }, "by itself"],
] as const)("%o: %s", (change, words) => {
  expect(reasonOf({ at, ...change })).toBe(words)
})

test("the most frequent error comes first", () => {
  expect(rankedErrors({ timeout: 2, network: 5, overloaded: 2 })).toEqual([
    ["network", 5],
    ["overloaded", 2],
    ["timeout", 2],
  ])
})
