import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { seededRandom } from "../testing/virtual-time.ts"
import { type Candidate, chooseCandidate } from "./choose-candidate.ts"

function candidate(name: string, overrides: Partial<Candidate> = {}): Candidate {
  return { name, priority: 0, weight: 1, waitMs: 0, inFlight: 0, latencyMs: null, isProbe: false, ...overrides }
}

const calmly = { affinity: null, isUrgent: false, draws: [0.3, 0.6] } as const

describe("the choice within a pool", () => {
  test("takes reserved capacity first, also when it would have to wait", () => {
    const chosen = chooseCandidate([candidate("pay", { priority: 1 }), candidate("reserved", { waitMs: 1_900, inFlight: 40 })], calmly)
    expect(chosen.name).toBe("reserved")
  })

  test("keeps a conversation where it was, unless that would delay it noticeably or be a probe", () => {
    const others = (overrides: Partial<Candidate>) =>
      chooseCandidate([candidate("fresh"), candidate("known", { inFlight: 30, ...overrides })], { ...calmly, affinity: "known" }).name
    expect(others({})).toBe("known")
    expect(others({ waitMs: 500 })).toBe("known")
    expect(others({ waitMs: 501 })).toBe("fresh")
    expect(others({ priority: 1 })).toBe("fresh")
    expect(
      chooseCandidate([candidate("a"), candidate("known", { isProbe: true }), candidate("b", { isProbe: true })], {
        ...calmly,
        affinity: "known",
      }).name,
    ).toBe("known")
    expect(
      chooseCandidate([candidate("b", { isProbe: true }), candidate("known", { isProbe: true })], { ...calmly, affinity: "known" }).name,
    ).toBe("b")
  })

  test("probes an endpoint that may be back, but not with an urgent call while there is another", () => {
    const pool = [candidate("well"), candidate("back", { isProbe: true })] as const
    expect(chooseCandidate(pool, calmly).name).toBe("back")
    expect(chooseCandidate(pool, { ...calmly, isUrgent: true }).name).toBe("well")
    expect(chooseCandidate([pool[1]], { ...calmly, isUrgent: true }).name).toBe("back")
  })

  test("of two takes the one that starts sooner, else the one with less work for its weight and latency", () => {
    const better = (one: Partial<Candidate>, other: Partial<Candidate>) =>
      chooseCandidate([candidate("one", one), candidate("other", other)], calmly).name
    expect(better({ waitMs: 101 }, { inFlight: 90 })).toBe("other")
    expect(better({ waitMs: 100 }, { inFlight: 90 })).toBe("one")
    expect(better({ inFlight: 2 }, { inFlight: 3 })).toBe("one")
    expect(better({ inFlight: 5 }, { inFlight: 9, weight: 2 })).toBe("other")
    expect(better({ inFlight: 3, latencyMs: 400 }, { inFlight: 1, latencyMs: 1_000 })).toBe("one")
    expect(better({ inFlight: 3, latencyMs: 400 }, { inFlight: 1, latencyMs: null })).toBe("other")
  })

  test("spreads calls by weight over many endpoints", () => {
    const random = seededRandom(3)
    const inFlight = new Map<string, number>()
    for (let call = 0; call < 3_000; call += 1) {
      const at = (name: string, weight: number) => candidate(name, { weight, inFlight: inFlight.get(name) ?? 0 })
      const { name } = chooseCandidate([at("a", 1), at("b", 1), at("c", 2), at("d", 1), at("e", 1)], {
        ...calmly,
        draws: [random(), random()],
      })
      inFlight.set(name, (inFlight.get(name) ?? 0) + 1)
    }
    expect(inFlight.get("c")).toBeGreaterThan(950)
    expect(inFlight.get("c")).toBeLessThan(1_050)
    for (const name of ["a", "b", "d", "e"]) expect(Math.abs((inFlight.get(name) ?? 0) - 500)).toBeLessThan(40)
  })

  test("always comes from the pool, and never from a worse class than the best", () => {
    const any = fc.record({
      priority: fc.nat(2),
      weight: fc.double({ min: 0.01, max: 1_000, noNaN: true }),
      waitMs: fc.nat(2_000),
      inFlight: fc.nat(100),
      latencyMs: fc.option(fc.nat(10_000), { nil: null }),
      isProbe: fc.boolean(),
    })
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(any, fc.array(any, { maxLength: 6 }), fc.tuple(draw, draw), fc.boolean(), (first, rest, draws, isUrgent) => {
        const pool = [candidate("0", first), ...rest.map((each, index) => candidate(String(index + 1), each))] as const
        const chosen = chooseCandidate(pool, { affinity: "1", isUrgent, draws })
        const usable = isUrgent && pool.some(({ isProbe }) => !isProbe) ? pool.filter(({ isProbe }) => !isProbe) : pool
        expect(chosen.priority).toBe(Math.min(...usable.map(({ priority }) => priority)))
        expect(pool).toContain(chosen)
      }),
    )
  })
})
