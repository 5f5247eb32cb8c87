import fc from "fast-check"
import { expect, test } from "vitest"
import { emptyLine, joinLine, timeInLine, type WaitingLine } from "./waiting-line.ts"

test("no two in a line are told the same millisecond, and nobody is told to come too early", () => {
  const part = fc.integer({ min: 0, max: 7 }).map((eighths) => eighths / 8)
  const length = (max: number) => fc.tuple(fc.integer({ min: 0, max }), part).map(([whole, rest]) => whole + rest)
  const refused = fc.record({ earliestMs: length(5_000), gapMs: length(300) })
  fc.assert(
    fc.property(fc.array(refused, { maxLength: 50 }), (list) => {
      let line: WaitingLine = emptyLine
      const told = list.map(({ earliestMs, gapMs }) => {
        const timeMs = timeInLine(line, earliestMs)
        expect(timeMs).toBeGreaterThanOrEqual(earliestMs)
        line = joinLine({ timeMs, gapMs })
        return Math.ceil(timeMs)
      })
      expect(new Set(told).size).toBe(told.length)
    }),
  )
})
