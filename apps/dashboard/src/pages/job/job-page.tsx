import type { JobResource } from "@sluice/core"
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { getRouteApi, Link } from "@tanstack/react-router"
import { useEffect } from "react"
import { useApi } from "../../app/api.tsx"
import { CopyButton } from "../../kit/copy-button.tsx"
import { Icon } from "../../kit/icon.tsx"
import { JobStatusChip } from "../../kit/job-status-chip.tsx"
import { Page, Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import type { LiveJob } from "../../live/live-job.ts"
import { useLiveJob } from "../../live/use-live-job.ts"
import { DeliveriesTable } from "./deliveries-table.tsx"
import { JobActions } from "./job-actions.tsx"
import { JobFacts } from "./job-facts.tsx"
import { JobInput } from "./job-input.tsx"
import { JobOutput } from "./job-output.tsx"
import { jobQuery } from "./job-query.ts"
import { RunsTable } from "./runs-table.tsx"
import { Waterfall } from "./waterfall.tsx"
import "./job-page.css"

const route = getRouteApi("/jobs/$jobId")

/** One job: how it went, why so, what went in and what came out; live until its end. */
export function JobPage() {
  const { jobId } = route.useParams()
  const query = useQuery(jobQuery(useApi(), jobId))
  return <QueryView query={query}>{(job) => <LiveJobView key={`${job.id} ${job.run} ${isOver(job)}`} job={job} />}</QueryView>
}

function isOver({ finishedAt }: JobResource): boolean {
  return finishedAt !== null
}

/** Follows the job to its end, and then reads once more all that is known of it. */
function LiveJobView({ job }: { readonly job: JobResource }) {
  const api = useApi()
  const queries = useQueryClient()
  const { live } = useLiveJob(isOver(job) ? null : job.id)
  const hasEnded = live.final !== null
  useEffect(() => {
    if (hasEnded) void queries.invalidateQueries({ queryKey: jobQuery(api, job.id).queryKey })
  }, [hasEnded, queries, api, job.id])
  return <JobView job={withLive(job, live)} live={live} />
}

/** What the stream has told is newer than what was read. */
function withLive(job: JobResource, live: LiveJob): JobResource {
  if (isOver(job) || live.heard.length === 0) return job
  const earlier = (job.attempts ?? []).filter(({ run }) => run !== live.run)
  const attempts = [...earlier, ...live.attempts]
  const now = live.final ?? { ...job, status: live.status, waiting: live.waiting, startedAt: live.startedAt ?? job.startedAt }
  return { ...job, ...now, attemptCount: attempts.length, attempts }
}

function JobView({ job, live }: { readonly job: JobResource; readonly live: LiveJob }) {
  return (
    <Page
      title={`Job ${job.id}`}
      above={
        <Link to="/jobs" className="back">
          <Icon name="back" size={14} /> Jobs
        </Link>
      }
      heading={
        <span className="row">
          <JobStatusChip status={job.status} />
          <span className="mono job-id">{job.id}</span>
          <CopyButton text={job.id} label="Copy the id" />
        </span>
      }
      actions={<JobActions job={job} />}
    >
      <Panel>
        <JobFacts job={job} />
      </Panel>
      <Panel title="Timeline">
        <Waterfall job={job} current={live.current} />
      </Panel>
      <div className="job-columns">
        <Panel title="Input" isFlush>
          <JobInput job={job} />
        </Panel>
        <Panel title="Output" isFlush>
          <JobOutput job={job} liveText={live.text} />
        </Panel>
      </div>
      {(job.runs?.length ?? 0) > 1 && (
        <Panel title="Runs" isFlush>
          <RunsTable runs={job.runs ?? []} />
        </Panel>
      )}
      {(job.deliveries?.length ?? 0) > 0 && (
        <Panel title="Webhook deliveries" isFlush>
          <DeliveriesTable deliveries={job.deliveries ?? []} />
        </Panel>
      )}
    </Page>
  )
}
