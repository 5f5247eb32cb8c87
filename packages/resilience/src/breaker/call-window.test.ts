import fc from "fast-check"
import { expect, test } from "vitest"
import { addCall, type CallWindow, countCalls } from "./call-window.ts"

test("counts exactly the calls of the seconds in the window, and keeps no others", () => {
  const call = fc.record({ afterMs: fc.nat(4_000), isFailure: fc.boolean(), isSlow: fc.boolean() })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), fc.constantFrom(1, 1_000, 4_500, 10_000), (calls, windowMs) => {
      const keepMs = 10_000
      let nowMs = 1_000_000
      let window: CallWindow = []
      const all: { readonly second: number; readonly isFailure: boolean; readonly isSlow: boolean }[] = []
      for (const { afterMs, ...result } of calls) {
        nowMs += afterMs
        window = addCall(window, { ...result, keepMs, nowMs })
        all.push({ second: Math.floor(nowMs / 1_000), ...result })
      }
      const counted = all.filter(({ second }) => second > Math.floor(nowMs / 1_000) - Math.ceil(windowMs / 1_000))
      expect(countCalls(window, { windowMs, nowMs })).toEqual({
        calls: counted.length,
        failures: counted.filter(({ isFailure }) => isFailure).length,
        slow: counted.filter(({ isSlow }) => isSlow).length,
      })
      expect(window.length).toBeLessThanOrEqual(10)
    }),
  )
})
