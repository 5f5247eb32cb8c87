import { describe, expect, test } from "vitest"
import { formatLineData, parseLineData } from "./line-data.ts"

describe("line data", () => {
  test("of an entry without a place can be read back", () => {
    const flow = { flow: 's:a "quoted" one', step: 4_000 }
    expect(parseLineData(JSON.parse(formatLineData(flow)))).toEqual({ ...flow, start: null })
  })

  test("of an entry with a place hold its start", () => {
    expect(parseLineData(["s:a", 4_000, 12_000])).toEqual({ flow: "s:a", step: 4_000, start: 12_000 })
  })

  test.each([{}, null, "s:a", [], ["s:a"], [1, 2], ["s:a", "4000"], ["s:a", 4_000, "0"]])("%j are none", (data) => {
    expect(parseLineData(data)).toBeNull()
  })
})
