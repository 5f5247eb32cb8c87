import { describe, expect, test } from "vitest"
import { flightKeyOf } from "./flight-key.ts"
import { chatWork, type JobParts, jobOf, routeOf } from "./testing/answer-cache-harness.ts"

const keyOf = (parts: JobParts = {}, config?: object) => flightKeyOf(jobOf(parts), routeOf(config))

describe("the key under which jobs share an answer", () => {
  test("is the same for the same request of one tenant on one route", () => {
    expect(keyOf({ options: { priority: "bulk", affinityKey: "a" }, metadata: { a: "b" } })).toBe(keyOf())
    expect(keyOf()).not.toBeNull()
  })

  const others: [string, JobParts][] = [
    ["tenant", { tenantId: "other" }],
    ["route", { route: "other" }],
    ["request", { work: chatWork("other") }],
    ["fallback", { options: { fallback: "any" } }],
    ["time to degrade", { options: { degradeAfterMs: 1 } }],
  ]
  test.each(others)("is another for another %s", (_what, parts) => {
    expect(keyOf(parts)).not.toBe(keyOf())
  })

  test("is none for whoever wants an answer of his own, and on a route that keeps none", () => {
    expect(keyOf({ options: { cache: "refresh" } })).toBeNull()
    expect(keyOf({ options: { cache: "off" } })).toBeNull()
    expect(keyOf({}, {})).toBeNull()
    expect(keyOf({}, { cache: { similar: { threshold: 0.9 } } })).toBeNull()
  })
})
