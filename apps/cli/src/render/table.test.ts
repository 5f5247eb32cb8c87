import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { widthOf } from "./plain-text.ts"
import { type Column, renderTable } from "./table.ts"

interface Row {
  readonly name: string
  readonly count: number
  readonly words: string
}

const columns: readonly Column<Row>[] = [
  { heading: "NAME", cell: ({ name }) => name },
  { heading: "COUNT", cell: ({ count }) => String(count), align: "right", optional: 1 },
  { heading: "WORDS", cell: ({ words }) => words, minWidth: 8 },
]
const paint = (_style: string, text: string) => text
const render = (rows: readonly Row[], width = Number.POSITIVE_INFINITY) => renderTable({ columns, rows, width, paint })
const long: Row = { name: "openai-eu", count: 12, words: "the quick brown fox jumps" }

describe("renderTable", () => {
  test("aligns columns under their headings", () => {
    expect(render([long, { name: "a", count: 1_000, words: "b" }])).toBe(
      ["NAME       COUNT  WORDS", "openai-eu     12  the quick brown fox jumps", "a           1000  b"].join("\n"),
    )
  })

  test("cuts long cells first, then leaves out what is least needed", () => {
    expect(render([long], 34)).toBe("NAME       COUNT  WORDS\nopenai-eu     12  the quick brown…")
    expect(render([long], 22)).toBe("NAME       WORDS\nopenai-eu  the quick…")
  })

  test("keeps one line a row, whatever the cells have in them", () => {
    const text = render([{ name: "a\nb", count: 1, words: "\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b2J x\ty" }])
    expect(text).toBe("NAME  COUNT  WORDS\na b       1  red x y")
  })

  test("counts what is wide as wide", () => {
    const [, row = ""] = render([{ name: "日本", count: 1, words: "👩‍👩‍👧 family" }]).split("\n")
    expect(row).toBe("日本      1  👩‍👩‍👧 family")
  })

  test("never has a line wider than the terminal, where the columns can be made to fit", () => {
    const row = fc.record({
      name: fc.string({ unit: "grapheme", maxLength: 10 }),
      count: fc.nat(9_999),
      words: fc.string({ unit: "binary", maxLength: 80 }),
    })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.integer({ min: 32, max: 100 }), (rows, width) => {
        const lines = render(rows, width).split("\n")
        expect(lines.length).toBe(rows.length + 1)
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width)
      }),
    )
  })
})
