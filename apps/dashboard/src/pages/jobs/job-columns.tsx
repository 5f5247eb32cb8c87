import type { JobResource } from "@sluice/core"
import { Link } from "@tanstack/react-router"
import { formatDuration } from "../../format/duration.ts"
import { formatUsd } from "../../format/numbers.ts"
import { shortId } from "../../format/short-id.ts"
import type { Column } from "../../kit/data-table.tsx"
import { JobStatusChip } from "../../kit/job-status-chip.tsx"
import { Time, useNow } from "../../kit/time.tsx"
import { statusLineOf } from "../../words/status-line.ts"

export const jobColumns: readonly Column<JobResource>[] = [
  { id: "status", header: "Status", width: "140px", cell: ({ status }) => <JobStatusChip status={status} /> },
  {
    id: "job",
    header: "Job",
    width: "150px",
    growsWhenNarrow: true,
    cell: ({ id, route }) => (
      <span className="job-cell">
        <Link to="/jobs/$jobId" params={{ jobId: id }} className="mono cut" title={id}>
          {shortId(id)}
        </Link>
        <span className="small soft cut">{route}</span>
      </span>
    ),
  },
  { id: "line", header: "What became of it", hiddenBelow: 860, cell: (job) => <StatusLine job={job} /> },
  { id: "attempts", header: "Attempts", width: "96px", isNumber: true, hiddenBelow: 860, cell: ({ attemptCount }) => attemptCount },
  { id: "took", header: "Took", width: "100px", isNumber: true, hiddenBelow: 860, cell: (job) => <Took job={job} /> },
  {
    id: "cost",
    header: "Cost",
    width: "112px",
    isNumber: true,
    hiddenBelow: 1200,
    cell: ({ cost }) => (cost === null ? <span className="soft">–</span> : formatUsd(cost.usd)),
  },
  { id: "created", header: "Submitted", width: "116px", isNumber: true, cell: ({ createdAt }) => <Time at={createdAt} as="ago" /> },
]

function StatusLine({ job }: { readonly job: JobResource }) {
  const line = statusLineOf(job)
  return (
    <span className="job-cell">
      <span className={job.error ? "cut bad" : "cut"} title={line}>
        {job.error ? job.error.type : line}
      </span>
      {job.error && <span className="small soft cut">{line}</span>}
      {job.provenance?.degraded && (
        <span className="small soft cut">degraded: {job.provenance.degradedReason ?? job.provenance.quality}</span>
      )}
    </span>
  )
}

/** From the submission to the end, or until now. */
function Took({ job: { createdAt, finishedAt } }: { readonly job: JobResource }) {
  const now = useNow()
  const ms = (finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(createdAt)
  return <span className={finishedAt === null ? "soft" : ""}>{formatDuration(Math.max(0, ms))}</span>
}
