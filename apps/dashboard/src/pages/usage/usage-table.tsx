import type { UsageResource } from "@sluice/core"
import { useMemo } from "react"
import { formatCompact, formatUsd } from "../../format/numbers.ts"
import { type Column, DataTable } from "../../kit/data-table.tsx"
import { type Dimension, dimensions } from "./usage-search.ts"

type Row = UsageResource["data"][number]

export function UsageTable({ report, dimension }: { readonly report: UsageResource; readonly dimension: Dimension }) {
  const rows = useMemo(() => report.data.toSorted((a, b) => b.costUsd - a.costUsd || b.jobs - a.jobs), [report])
  const columns = useMemo(() => columnsOf(dimension), [dimension])
  return <DataTable label="Usage" columns={columns} rows={rows} keyOf={({ group }) => group[dimension] ?? ""} />
}

function columnsOf(dimension: Dimension): readonly Column<Row>[] {
  const figure = (id: keyof Omit<Row, "group">, header: string): Column<Row> => ({
    id,
    header,
    width: "13%",
    isNumber: true,
    hiddenBelow: 860,
    cell: (row) => formatCompact(row[id]),
  })
  return [
    { id: "group", header: dimensions[dimension], cell: ({ group }) => group[dimension] ?? <span className="soft">none</span> },
    { id: "jobs", header: "Jobs", width: "90px", isNumber: true, cell: ({ jobs }) => formatCompact(jobs) },
    figure("calls", "Calls"),
    figure("inputTokens", "Tokens in"),
    figure("outputTokens", "Tokens out"),
    { id: "cost", header: "Cost", width: "110px", isNumber: true, cell: ({ costUsd }) => formatUsd(costUsd) },
  ]
}
