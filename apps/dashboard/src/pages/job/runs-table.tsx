import type { RunResource } from "@sluice/core"
import { formatDuration } from "../../format/duration.ts"
import { type Column, DataTable } from "../../kit/data-table.tsx"
import { JobStatusChip } from "../../kit/job-status-chip.tsx"
import { Time } from "../../kit/time.tsx"

const columns: readonly Column<RunResource>[] = [
  { id: "run", header: "Run", width: "60px", cell: ({ run }) => run },
  { id: "status", header: "Status", width: "140px", cell: ({ status }) => <JobStatusChip status={status} /> },
  { id: "outcome", header: "Outcome", cell: ({ error, served }) => error?.message ?? served?.endpoint ?? served?.tier ?? "" },
  { id: "route", header: "Route", width: "120px", hiddenBelow: 860, cell: ({ route }) => route ?? "–" },
  {
    id: "took",
    header: "Took",
    width: "90px",
    isNumber: true,
    hiddenBelow: 860,
    cell: ({ startedAt, finishedAt }) => (startedAt && finishedAt ? formatDuration(Date.parse(finishedAt) - Date.parse(startedAt)) : "–"),
  },
  {
    id: "ended",
    header: "Ended",
    width: "116px",
    isNumber: true,
    cell: ({ finishedAt }) => (finishedAt === null ? <span className="soft">–</span> : <Time at={finishedAt} as="ago" />),
  },
  { id: "by", header: "Begun by", width: "140px", hiddenBelow: 1200, cell: ({ replay }) => replay?.by ?? "its submission" },
]

/** A job that was replayed, run by run. */
export function RunsTable({ runs }: { readonly runs: readonly RunResource[] }) {
  return <DataTable label="Runs" columns={columns} rows={runs} keyOf={({ run }) => String(run)} />
}
