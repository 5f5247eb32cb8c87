import fc from "fast-check"
import { describe, expect, test, vi } from "vitest"
import { createLanes, type LaneLimits } from "./lanes.ts"

const limits: LaneLimits = { concurrency: 3, cautiousConcurrency: 1, ahead: 5, total: 10 }

function setUp() {
  let nowMs = 0
  const onRoom = vi.fn()
  const lanes = createLanes({ limits, clock: () => new Date(nowMs), onRoom })
  return { lanes, onRoom, advance: (ms: number) => (nowMs += ms) }
}

describe("createLanes", () => {
  test("a lane that has proved nothing gets one, one that answers gets more, to run and to wait", () => {
    const { lanes } = setUp()
    expect([lanes.take("a"), lanes.take("a")]).toEqual([true, false])
    expect(lanes.full()).toEqual(["a"])
    lanes.heal("a", true)
    expect(Array.from({ length: 8 }, () => lanes.take("a"))).toEqual([true, true, true, true, true, true, true, false])
    lanes.heal("a", false)
    expect(lanes.take("a")).toBe(false)
  })

  test("what waits in a lane that fails is run one by one again", async () => {
    const { lanes } = setUp()
    lanes.heal("a", true)
    let running = 0
    let most = 0
    for (let count = 0; count < 8; count += 1) {
      lanes.take("a")
      lanes.run("a", async () => {
        running += 1
        await new Promise((resolve) => setImmediate(resolve))
        lanes.heal("a", false)
        running -= 1
        if (count >= 3) most = Math.max(most, running + 1)
      })
    }
    await lanes.idle()
    expect(most).toBe(1)
  })

  test("all lanes together have a bound", () => {
    const { lanes } = setUp()
    const names = Array.from({ length: 11 }, (_, index) => `lane-${index}`)
    expect(names.map((name) => lanes.take(name)).filter(Boolean)).toHaveLength(10)
  })

  test("a paused lane takes nothing until its time, and tells when that is", () => {
    const { lanes, advance } = setUp()
    lanes.pause("a", 500)
    lanes.pause("a", 300)
    expect([lanes.take("a"), lanes.nextResumeMs(), lanes.full()]).toEqual([false, 500, ["a"]])
    advance(500)
    expect([lanes.take("a"), lanes.nextResumeMs()]).toEqual([true, null])
  })

  test("never runs more at a time than it may, runs all, and then nothing is taken", async () => {
    const step = fc.record({ lane: fc.constantFrom("a", "b"), isHealthy: fc.boolean(), fails: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { lanes } = setUp()
        const running: Record<string, number> = { a: 0, b: 0 }
        let [started, done] = [0, 0]
        for (const { lane, isHealthy, fails } of steps) {
          if (!lanes.take(lane)) {
            await new Promise((resolve) => setImmediate(resolve))
            continue
          }
          started += 1
          lanes.run(lane, async () => {
            running[lane] = (running[lane] ?? 0) + 1
            expect(running[lane]).toBeLessThanOrEqual(limits.concurrency)
            await new Promise((resolve) => setImmediate(resolve))
            lanes.heal(lane, isHealthy)
            running[lane] -= 1
            done += 1
            if (fails) lanes.heal(lane, false)
          })
        }
        await lanes.idle()
        expect(done).toBe(started)
        expect(lanes.full()).toEqual([])
      }),
      { numRuns: 50 },
    )
  })
})
