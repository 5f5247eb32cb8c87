import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createFairLine, type FairEntry, type FairLine } from "./fair-line.ts"
import { fairStep } from "./fair-step.ts"

let made = 0
function newEntry(flow: string, step = fairStep({ priority: "standard" })): FairEntry {
  made += 1
  return { id: `${flow}-${made}`, flow, step }
}

function addMany(line: FairLine, count: number, flow: string, step?: number): void {
  for (let added = 0; added < count; added += 1) line.add(newEntry(flow, step))
}

/** The flows of the next entries. */
function fetchFlows(line: FairLine, count: number): readonly (string | undefined)[] {
  return Array.from({ length: count }, () => line.fetch()?.flow)
}

function countOf(flows: readonly (string | undefined)[], flow: string): number {
  return flows.filter((one) => one === flow).length
}

describe("the fair line", () => {
  test("serves one flow in its order, and then has nothing", () => {
    const line = createFairLine()
    const entries = Array.from({ length: 5 }, () => newEntry("a"))
    for (const entry of entries) line.add(entry)
    expect(entries.map(() => line.fetch())).toEqual(entries)
    expect(line.fetch()).toBeNull()
  })

  test("holds each entry once, and what is there already costs its flow nothing", () => {
    const line = createFairLine()
    const [first, second] = [newEntry("a"), newEntry("a")]
    line.add(first)
    for (let again = 0; again < 100; again += 1) line.add(first)
    line.add(second)
    addMany(line, 3, "b")
    expect(fetchFlows(line, 5)).toEqual(["a", "b", "a", "b", "b"])
    expect(line.size()).toBe(0)
  })

  test("a flood of 5,000 delays another flow by one entry, whenever that comes", () => {
    const line = createFairLine()
    addMany(line, 5_000, "flood")
    for (const served of [0, 1, 700, 2_000]) {
      fetchFlows(line, served)
      line.add(newEntry("other"))
      expect(fetchFlows(line, 2)).toContain("other")
    }
  })

  test("a flow that keeps one entry in line, and adds the next as soon as that is fetched, gets its share and no more", () => {
    const line = createFairLine()
    addMany(line, 500, "flood")
    line.add(newEntry("loop"))
    const served = Array.from({ length: 400 }, () => {
      const flow = line.fetch()?.flow
      if (flow === "loop") line.add(newEntry("loop"))
      return flow
    })
    expect(countOf(served, "loop")).toBe(200)
  })

  test("a flow gets nothing for the time that it was away", () => {
    const line = createFairLine()
    addMany(line, 600, "a")
    fetchFlows(line, 300)
    addMany(line, 300, "late")
    expect(countOf(fetchFlows(line, 200), "late")).toBe(100)
  })

  test("an entry that was handed back is next, without cost to its flow", () => {
    const line = createFairLine()
    addMany(line, 3, "a")
    addMany(line, 3, "b")
    const entry = line.fetch()
    if (entry === null) throw new Error("The line is empty.")
    line.handBack(entry)
    expect(line.fetch()).toBe(entry)
    expect(fetchFlows(line, 5)).toEqual(["b", "a", "b", "a", "b"])
  })

  test("when nothing is left in line all flows start anew", () => {
    const line = createFairLine()
    addMany(line, 300, "a")
    fetchFlows(line, 300)
    addMany(line, 2, "a")
    addMany(line, 2, "b")
    expect(fetchFlows(line, 4)).toEqual(["a", "b", "a", "b"])
  })

  test("what is removed is not charged", () => {
    const line = createFairLine()
    line.add(newEntry("b"))
    const cancelled = Array.from({ length: 1_000 }, () => newEntry("a"))
    for (const entry of cancelled) line.add(entry)
    for (const entry of cancelled) line.remove(entry.id)
    addMany(line, 3, "a")
    addMany(line, 2, "b")
    expect(fetchFlows(line, 6)).toEqual(["b", "a", "a", "b", "a", "b"])
  })

  test("an entry whose set time has come gets in line when its turn is looked at, and passes when nothing stands before it", () => {
    const line = createFairLine()
    const [alone, late] = [newEntry("a"), newEntry("a")]
    line.comeDue(alone)
    expect(line.fetch()).toBe(alone)
    addMany(line, 2, "b")
    line.comeDue(late)
    expect(fetchFlows(line, 3)).toEqual(["b", "a", "b"])
  })

  test("a thousand entries that come due at once delay another flow by one", () => {
    const line = createFairLine()
    addMany(line, 2, "other")
    for (let added = 0; added < 1_000; added += 1) line.comeDue(newEntry("timed"))
    const served = fetchFlows(line, 1_002)
    expect(served.slice(0, 4)).toEqual(["other", "timed", "other", "timed"])
    expect(countOf(served, "timed")).toBe(1_000)
  })

  test("fetches what was taken out neither from the line nor from before it", () => {
    const line = createFairLine()
    const [placed, due, handedBack] = [newEntry("a"), newEntry("a"), newEntry("a")]
    line.add(placed)
    line.comeDue(due)
    line.handBack(handedBack)
    for (const { id } of [placed, due, handedBack]) line.remove(id)
    expect(line.size()).toBe(0)
    expect(line.fetch()).toBeNull()
  })
})

const flows = ["a", "b", "c", "d", "e"] as const
/** Steps of a stamp or more, for which the bound holds. */
const step = fc.constantFrom(1_000, 1_333, 4_000, 8_000, 16_000)

type Command =
  | { readonly kind: "add"; readonly flow: string; readonly step: number; readonly count: number }
  | { readonly kind: "fetch"; readonly count: number; readonly handsBack: boolean }

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), flow: fc.constantFrom(...flows), step, count: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant("fetch" as const), count: fc.integer({ min: 1, max: 8 }), handsBack: fc.boolean() }),
)

/** Returns the ids of all entries that were handed back. */
function follow(line: FairLine, plan: readonly Command[]): ReadonlySet<string> {
  const handedBack = new Set<string>()
  const fetch = (handsBack: boolean): void => {
    const entry = line.fetch()
    if (entry === null || !handsBack) return
    line.handBack(entry)
    handedBack.add(entry.id)
  }
  for (const next of plan) {
    if (next.kind === "add") addMany(line, next.count, next.flow, next.step)
    else for (let count = 0; count < next.count; count += 1) fetch(next.handsBack)
  }
  return handedBack
}

describe("whatever has happened", () => {
  test("an entry of a flow that has none waits for what was handed back and at most one of each other flow", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), step, (plan, ownStep) => {
        const line = createFairLine()
        const handedBack = follow(line, plan)
        const newcomer = newEntry("newcomer", ownStep)
        line.add(newcomer)
        const before: FairEntry[] = []
        for (let next = line.fetch(); next !== null && next !== newcomer; next = line.fetch()) before.push(next)
        const waitedFor = before.filter(({ id }) => !handedBack.has(id)).map(({ flow }) => flow)
        expect(waitedFor.length).toBe(new Set(waitedFor).size)
      }),
    )
  })

  test("flows that always have entries waiting are served in proportion to their weights", () => {
    const share = fc.record({
      flow: fc.constantFrom(...flows),
      step: fc.constantFrom(40, 333, 1_000, 1_333, 4_000, 16_000),
    })
    fc.assert(
      fc.property(fc.uniqueArray(share, { selector: ({ flow }) => flow, minLength: 2, maxLength: 5 }), (shares) => {
        const line = createFairLine()
        for (const { flow, step: ofFlow } of shares) addMany(line, 600, flow, ofFlow)
        const served = fetchFlows(line, 600)
        for (const one of shares) {
          for (const other of shares) {
            const apart = Math.abs(countOf(served, one.flow) * one.step - countOf(served, other.flow) * other.step)
            // A step each, and a stamp within which the order is that of arrival.
            expect(apart).toBeLessThanOrEqual(one.step + other.step + 1_000)
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  test("every entry is fetched exactly once", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (plan) => {
        const line = createFairLine()
        follow(
          line,
          plan.map((next) => (next.kind === "fetch" ? { ...next, handsBack: true } : next)),
        )
        const size = line.size()
        const fetched = Array.from({ length: size }, () => line.fetch()?.id)
        expect(new Set(fetched).size).toBe(size)
        expect(fetched).not.toContain(undefined)
        expect(line.fetch()).toBeNull()
      }),
    )
  })
})
