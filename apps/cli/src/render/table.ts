import type { Paint, Style } from "../terminal/terminal.ts"
import { oneLine, truncate, widthOf } from "./plain-text.ts"

export type Cell = string | { readonly text: string; readonly style: Style }

export interface Column<Row> {
  readonly heading: string
  readonly cell: (row: Row) => Cell
  readonly align?: "right"
  /** May be cut down to this width where the terminal is narrow. Left out: never cut. */
  readonly minWidth?: number
  /** Left out where even cut columns do not fit: the highest first. */
  readonly optional?: number
}

export interface TableOptions<Row> {
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** Of the terminal, in columns of text. */
  readonly width: number
  readonly paint: Paint
}

interface Prepared {
  readonly heading: string
  readonly cells: readonly { readonly text: string; readonly style: Style | null }[]
  readonly align: "left" | "right"
  readonly minWidth: number
  readonly width: number
  readonly optional: number
}

const gap = 2

/** Rows as aligned columns that fit the terminal: first long cells are cut, then the least needed columns left out. */
export function renderTable<Row>({ columns, rows, width, paint }: TableOptions<Row>): string {
  const fitted = fit(
    columns.map((column) => prepare(column, rows)),
    width,
  )
  const heading = line(fitted.map((column) => pad(column.heading, column)))
  const body = rows.map((_row, index) =>
    line(
      fitted.map((column) => {
        const { text, style } = column.cells[index] ?? { text: "", style: null }
        const padded = pad(truncate(text, column.width), column)
        return style === null ? padded : paint(style, padded)
      }),
    ),
  )
  return [paint("bold", heading), ...body].join("\n")
}

function prepare<Row>({ heading, cell, align, minWidth, optional }: Column<Row>, rows: readonly Row[]): Prepared {
  const cells = rows.map((row) => {
    const made = cell(row)
    return typeof made === "string" ? { text: oneLine(made), style: null } : { text: oneLine(made.text), style: made.style }
  })
  const width = Math.max(widthOf(heading), ...cells.map(({ text }) => widthOf(text)))
  return { heading, cells, align: align ?? "left", width, minWidth: Math.min(width, minWidth ?? width), optional: optional ?? 0 }
}

function fit(columns: readonly Prepared[], available: number): readonly Prepared[] {
  const least = sum(columns.map(({ minWidth }) => minWidth)) + gap * (columns.length - 1)
  if (least > available) {
    const mostOptional = Math.max(...columns.map(({ optional }) => optional))
    if (mostOptional > 0) return fit(without(columns, mostOptional), available)
  }
  return shrink(columns, available - gap * (columns.length - 1))
}

function without(columns: readonly Prepared[], optional: number): readonly Prepared[] {
  return columns.filter((column) => column.optional !== optional)
}

/** Takes one column of text at a time from the widest that may give one. */
function shrink(columns: readonly Prepared[], available: number): readonly Prepared[] {
  const widths = columns.map(({ width }) => width)
  for (let excess = sum(widths) - available; excess > 0; excess -= 1) {
    const slack = columns.map(({ minWidth }, index) => ((widths[index] ?? 0) > minWidth ? (widths[index] ?? 0) : 0))
    const widest = slack.indexOf(Math.max(...slack))
    if (slack[widest] === 0) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return columns.map((column, index) => ({ ...column, width: widths[index] ?? column.width }))
}

function pad(text: string, { align, width }: Prepared): string {
  const shown = truncate(text, width)
  const spaces = " ".repeat(Math.max(0, width - widthOf(shown)))
  return align === "right" ? spaces + shown : shown + spaces
}

function line(cells: readonly string[]): string {
  return cells.join(" ".repeat(gap)).trimEnd()
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
