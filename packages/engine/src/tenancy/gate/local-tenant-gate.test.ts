import { placesTtlMs } from "@sluice/core"
import { tenantGateConformance } from "@sluice/core/testing"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createLocalTenantGate } from "./local-tenant-gate.ts"

tenantGateConformance("this process alone", () =>
  Promise.resolve({ gate: createLocalTenantGate({ clock: () => new Date() }), close: () => Promise.resolve() }),
)

const of = { tenantId: "acme", maxQueuedJobs: null, jobs: 0 }

/** A gate on a clock that is set by hand. */
function setUp() {
  const time = { nowMs: 1_700_000_000_000 }
  return { time, gate: createLocalTenantGate({ clock: () => new Date(time.nowMs) }) }
}

describe("the requests of any minute", () => {
  const limit = 10
  const steps = fc.array(
    fc.record({
      afterMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 70_000 })),
      requests: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 80 },
  )

  test("are never more than the limit, and are refused only when the last 61 s are used up", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (asked) => {
        const { time, gate } = setUp()
        const passed: { atMs: number; requests: number }[] = []
        const within = (ms: number) => passed.filter(({ atMs }) => atMs > time.nowMs - ms).reduce((sum, { requests }) => sum + requests, 0)
        for (const { afterMs, requests } of asked) {
          time.nowMs += afterMs
          const { requests: verdict } = await gate.admit({ ...of, requestsPerMinute: limit, requests })
          if (verdict?.isAllowed) passed.push({ atMs: time.nowMs, requests })
          else expect(within(61_000) + requests).toBeGreaterThan(limit)
          expect(within(60_000)).toBeLessThanOrEqual(limit)
        }
      }),
    )
  })

  test("may be made again when the answer to a refused one said so, and not a moment before", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: limit }), async (asked, requests) => {
        const { time, gate } = setUp()
        for (const { afterMs, requests: earlier } of asked) {
          time.nowMs += afterMs
          await gate.admit({ ...of, requestsPerMinute: limit, requests: earlier })
        }
        const ask = async () => (await gate.admit({ ...of, requestsPerMinute: limit, requests })).requests
        const first = await ask()
        if (first?.isAllowed) return
        time.nowMs += (first?.retryMs ?? 0) - 1
        expect((await ask())?.isAllowed).toBe(false)
        time.nowMs += 1
        expect((await ask())?.isAllowed).toBe(true)
      }),
    )
  })
})

test("places that were never settled are free again after their time", async () => {
  const { time, gate } = setUp()
  const ask = async () => (await gate.admit({ ...of, requestsPerMinute: null, requests: 1, maxQueuedJobs: 1, jobs: 1 })).places?.kind
  await gate.recount({ tenantId: "acme", queued: 0, mark: 0 })
  expect(await ask()).toBe("granted")
  time.nowMs += placesTtlMs - 10_000
  expect(await ask()).toBe("full")
  time.nowMs += 20_000
  expect(await ask()).toBe("granted")
})
