import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createWriteGate } from "./write-gate.ts"

describe("the write gate", () => {
  test("who is alone is alone, the others share, and all get in", async () => {
    const visit = fc.record({
      collection: fc.constantFrom("a", "b"),
      mode: fc.constantFrom("shared" as const, "alone" as const),
      fails: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(visit, { minLength: 1, maxLength: 25 }), async (scheduler, visits) => {
        const gate = createWriteGate()
        const inside = { a: { shared: 0, alone: 0 }, b: { shared: 0, alone: 0 } }
        const outcomes = visits.map(({ collection, mode, fails }) =>
          gate[mode](collection, async () => {
            inside[collection][mode]++
            const { shared, alone } = inside[collection]
            expect(alone === 0 || (alone === 1 && shared === 0)).toBe(true)
            await scheduler.schedule(Promise.resolve())
            inside[collection][mode]--
            if (fails) throw new Error("expected")
          }).then(
            () => true,
            (error: Error) => error.message === "expected",
          ),
        )
        expect(await scheduler.waitFor(Promise.all(outcomes))).toEqual(visits.map(() => true))
      }),
      { numRuns: 200 },
    )
  })

  test("those who share do so at once; who comes after one that waits to be alone waits too", async () => {
    const gate = createWriteGate()
    const order: string[] = []
    const first = Promise.withResolvers<void>()
    const work = (name: string, until?: Promise<void>) => async () => {
      order.push(name)
      await until
    }
    const visits = [
      gate.shared("c", work("first", first.promise)),
      gate.shared("c", work("second", first.promise)),
      gate.alone("c", work("alone")),
      gate.shared("c", work("late")),
    ]
    await new Promise(setImmediate)
    expect(order).toEqual(["first", "second"])
    first.resolve()
    await Promise.all(visits)
    expect(order).toEqual(["first", "second", "alone", "late"])
  })
})
