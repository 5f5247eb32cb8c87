import type { Endpoint, Work } from "@sluice/core"
import fc from "fast-check"
import { expect, test } from "vitest"
import { catalogOf } from "../testing/harness.ts"
import { assumedMostOutputTokens, mostCostUsd } from "./most-cost.ts"

function endpointAt(price: object | undefined): Endpoint {
  const endpoint = catalogOf({ endpoints: { a: price ? { price } : {} } }).endpoints.get("a")
  if (!endpoint) throw new Error("There is no endpoint")
  return endpoint
}
const perToken = endpointAt({ inputPerMillionUsd: 1_000_000, outputPerMillionUsd: 0 })
const chat = (input: object): Work => ({ kind: "chat", input: { messages: [{ role: "user", content: "Say ok" }], ...input } })

test("is not known without a price", () => {
  expect(mostCostUsd(endpointAt(undefined), [chat({})])).toBeNull()
})

test("counts at least as many tokens as a text has bytes, of several together", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (a, b) => {
      const works: Work[] = [{ kind: "embedding", input: { texts: [a] } }, chat({ messages: [{ role: "user", content: b }] })]
      expect(mostCostUsd(perToken, works)).toBeGreaterThanOrEqual(Buffer.byteLength(a.toWellFormed()) + Buffer.byteLength(b.toWellFormed()))
    }),
  )
})

test("counts images by number, not by the length of their data", () => {
  const image = { type: "image" as const, url: `data:image/png;base64,${"A".repeat(100_000)}` }
  const one = mostCostUsd(perToken, [chat({ messages: [{ role: "user", content: [image] }] })]) ?? 0
  expect(one).toBeGreaterThan(2_000)
  expect(one).toBeLessThan(2_200)
})

test("takes the caller's limit on the answer, or assumes one", () => {
  const perOutput = endpointAt({ outputPerMillionUsd: 1_000_000 })
  expect(mostCostUsd(perOutput, [chat({ maxOutputTokens: 7 })])).toBe(7)
  expect(mostCostUsd(perOutput, [chat({})])).toBe(assumedMostOutputTokens)
})

test("counts the images that are to be made", () => {
  const perImage = endpointAt({ perImageUsd: 0.04, perCallUsd: 0.01 })
  expect(mostCostUsd(perImage, [{ kind: "image", input: { prompt: "a", count: 3 } }])).toBeCloseTo(0.13)
})
