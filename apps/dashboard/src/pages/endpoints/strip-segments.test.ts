import { describe, expect, test } from "vitest"
import { openMsOf, segmentsOf, tripsOf } from "./strip-segments.ts"

const at = (seconds: number) => new Date(seconds * 1_000).toISOString()
const span = { fromMs: 100_000, toMs: 200_000 }

describe("segmentsOf", () => {
  test("a breaker without a history was closed all the time", () => {
    expect(segmentsOf([], span)).toEqual([{ state: "closed", ...span }])
  })

  test("each state lasts until the next; what was before the span is cut off at its beginning", () => {
    const history = [
      { at: at(160), state: "closed" },
      { at: at(150), state: "half_open" },
      { at: at(120), state: "open" },
      { at: at(50), state: "closed" },
      { at: at(40), state: "open" },
    ] as const
    const segments = segmentsOf(history, span)
    expect(segments).toEqual([
      { state: "closed", fromMs: 100_000, toMs: 120_000 },
      { state: "open", fromMs: 120_000, toMs: 150_000 },
      { state: "half_open", fromMs: 150_000, toMs: 160_000 },
      { state: "closed", fromMs: 160_000, toMs: 200_000 },
    ])
    expect(openMsOf(segments)).toBe(30_000)
    expect(tripsOf(segments)).toBe(1)
  })

  test("a state from before the span still holds in it, and a clock that is ahead adds nothing", () => {
    expect(segmentsOf([{ at: at(30), state: "open" }], span)).toEqual([{ state: "open", ...span }])
    const ahead = [
      { at: at(300), state: "open" },
      { at: at(30), state: "half_open" },
    ] as const
    expect(segmentsOf(ahead, span)).toEqual([{ state: "half_open", ...span }])
  })
})
