import type { Endpoint } from "@sluice/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { orderEndpoints } from "./order-endpoints.ts"

const endpoint = (name: string, extra: Partial<Endpoint> = {}): Endpoint => ({
  name,
  provider: "openai",
  baseUrl: "http://a",
  model: "m",
  ...extra,
})

describe("orderEndpoints", () => {
  const pools = fc.uniqueArray(
    fc.record({ name: fc.string({ minLength: 1 }), priority: fc.nat(3), weight: fc.double({ min: 0.1, max: 100, noNaN: true }) }),
    {
      selector: ({ name }) => name,
      minLength: 1,
    },
  )

  test("keeps every endpoint, priorities in order, and the one that just failed last of its priority", () => {
    fc.assert(
      fc.property(pools, fc.nat(), fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (pool, pick, chances) => {
        const endpoints = pool.map(({ name, ...rest }) => endpoint(name, rest))
        const justFailed = pool[pick % pool.length]?.name ?? null
        const ordered = orderEndpoints(endpoints, { random: () => chances.next().value, justFailed })
        expect(ordered.map(({ name }) => name).toSorted()).toEqual(endpoints.map(({ name }) => name).toSorted())
        const priorities = ordered.map(({ priority }) => priority ?? 0)
        expect(priorities).toEqual(priorities.toSorted((a, b) => a - b))
        const failed = ordered.find(({ name }) => name === justFailed)
        expect(ordered.findLast(({ priority }) => priority === failed?.priority)?.name).toBe(justFailed)
      }),
    )
  })

  test("spreads calls by weight", () => {
    const pool = [endpoint("heavy", { weight: 3 }), endpoint("light")]
    const steps = 10_000
    const firsts = Array.from({ length: steps }, (_, index) => {
      const chances = [((index % 100) + 0.5) / 100, (Math.floor(index / 100) + 0.5) / 100]
      return orderEndpoints(pool, { random: () => chances.shift() ?? 0, justFailed: null })[0]?.name
    })
    expect(firsts.filter((name) => name === "heavy").length / steps).toBeCloseTo(0.75, 1)
  })
})
