import { type ColumnDef, type RowData, tableFeatures, useTable } from "@tanstack/react-table"
import { useWindowVirtualizer } from "@tanstack/react-virtual"
import { type ReactNode, useEffect, useRef } from "react"
import "./data-table.css"

const features = tableFeatures({})

export interface Column<Row> {
  readonly id: string
  readonly header: string
  /** For readers of screens only, where the cells say what they are. */
  readonly isHeaderHidden?: boolean
  readonly cell: (row: Row) => ReactNode
  /** As in CSS: `120px`, `20%`. Left out: a part of what is left. */
  readonly width?: string
  readonly isNumber?: boolean
  /** Takes what is left where the screen is narrow, whatever its width elsewhere. */
  readonly growsWhenNarrow?: boolean
  /** Left out on screens that are narrow (below 860 px) or no wider than a usual one (below 1200 px). */
  readonly hiddenBelow?: 860 | 1200
}

export interface DataTableProps<Row extends RowData> {
  /** What readers of screens hear that it is. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  /** Stable as long as the rows are the same. */
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** Called when the end comes into sight, to bring more rows. */
  readonly onEnd?: (() => void) | undefined
  /** Rows of this height, of which only those in sight are drawn. Left out: all are drawn. */
  readonly rowHeightPx?: number
}

/** Rows in columns. Long lists are virtual: they scroll with the page, and only what is in sight is in the document. */
export function DataTable<Row extends RowData>({ label, columns, rows, keyOf, onEnd, rowHeightPx }: DataTableProps<Row>) {
  const table = useTable<typeof features, Row>({ features, columns: definitionsOf(columns), data: rows, getRowId: keyOf })
  const body = useRef<HTMLTableSectionElement>(null)
  const all = table.getRowModel().rows
  const sight = useRowsInSight({ body, count: all.length, rowHeightPx })
  const isEndInSight = sight.last >= all.length - 1
  useEffect(() => {
    if (isEndInSight) onEnd?.()
  }, [isEndInSight, onEnd])
  return (
    <table className="data-table" aria-label={label} aria-rowcount={rowHeightPx === undefined ? undefined : all.length + 1}>
      <colgroup>
        {columns.map(({ id, width, growsWhenNarrow, hiddenBelow }) => (
          <col key={id} width={width} className={growsWhenNarrow ? "grows" : hiddenClass(hiddenBelow)} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map(({ id, header, isHeaderHidden, isNumber, hiddenBelow }) => (
            <th key={id} scope="col" className={classOf(isNumber, hiddenBelow)}>
              {isHeaderHidden ? <span className="unseen">{header}</span> : header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Spacer heightPx={sight.abovePx} />
        {all.slice(sight.first, sight.last + 1).map((row, index) => (
          <tr key={row.id} aria-rowindex={rowHeightPx === undefined ? undefined : sight.first + index + 2}>
            {row.getAllCells().map((cell, column) => (
              <td key={cell.id} className={classOf(columns[column]?.isNumber, columns[column]?.hiddenBelow)}>
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
        <Spacer heightPx={sight.belowPx} />
      </tbody>
    </table>
  )
}

function definitionsOf<Row extends RowData>(columns: readonly Column<Row>[]): ColumnDef<typeof features, Row>[] {
  return columns.map(({ id, header, cell }) => ({ id, header, cell: ({ row }) => cell(row.original) }))
}

interface SightOptions {
  readonly body: React.RefObject<HTMLTableSectionElement | null>
  readonly count: number
  readonly rowHeightPx: number | undefined
}

/** Which rows are to be drawn, and how much room those above and below would take. */
function useRowsInSight({ body, count, rowHeightPx }: SightOptions) {
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => rowHeightPx ?? 0,
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
    enabled: rowHeightPx !== undefined,
  })
  if (rowHeightPx === undefined) return { first: 0, last: count - 1, abovePx: 0, belowPx: 0 }
  const items = virtualizer.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? -1
  return { first, last, abovePx: first * rowHeightPx, belowPx: (count - 1 - last) * rowHeightPx }
}

/** One cell only: as many as there are columns would bring back those that are hidden. */
function Spacer({ heightPx }: { readonly heightPx: number }) {
  if (heightPx <= 0) return null
  return (
    <tr className="spacer">
      <td height={heightPx} />
    </tr>
  )
}

function classOf(isNumber: boolean | undefined, hiddenBelow: 860 | 1200 | undefined): string {
  return `${isNumber ? "number " : ""}${hiddenClass(hiddenBelow)}`
}

function hiddenClass(hiddenBelow: 860 | 1200 | undefined): string {
  return hiddenBelow === undefined ? "" : `hidden-below-${hiddenBelow}`
}
