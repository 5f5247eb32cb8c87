import type { JobResource } from "@sluice/core"
import { statusText } from "./job-text.ts"
import { styleOf } from "./status-style.ts"
import type { Column } from "./table.ts"
import { durationText, relativeTime } from "./times.ts"

/** The columns of a list of jobs. */
export function jobColumns(now: number): readonly Column<JobResource>[] {
  return [
    { heading: "JOB", cell: ({ id }) => id },
    { heading: "STATUS", cell: ({ status }) => ({ text: status, style: styleOf(status) }) },
    { heading: "ROUTE", cell: ({ route }) => route, minWidth: 8 },
    { heading: "CREATED", cell: ({ createdAt }) => relativeTime(createdAt, now) },
    { heading: "TOOK", cell: tookText, align: "right", optional: 3 },
    { heading: "CALLS", cell: ({ attemptCount }) => String(attemptCount), align: "right", optional: 2 },
    { heading: "WHAT", cell: (job) => statusText(job, now), minWidth: 12, optional: 1 },
  ]
}

function tookText({ createdAt, finishedAt }: JobResource): string {
  return finishedAt === null ? "" : durationText(Date.parse(finishedAt) - Date.parse(createdAt))
}
