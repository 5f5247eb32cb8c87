import { Link } from "@tanstack/react-router"
import { formatDuration } from "../../format/duration.ts"
import { shortId } from "../../format/short-id.ts"
import { JobStatusChip } from "../../kit/job-status-chip.tsx"
import { EmptyState, ErrorState } from "../../kit/states.tsx"
import type { LiveJob } from "../../live/live-job.ts"
import { useLiveJob } from "../../live/use-live-job.ts"
import { provenanceSentences } from "../../words/provenance.ts"
import { JobOutput, LiveText } from "../job/job-output.tsx"

/** A job as it goes: its states with their times, its text as it comes, and in the end who served it. */
export function FollowedJob({ jobId }: { readonly jobId: string }) {
  const { live, error } = useLiveJob(jobId)
  return (
    <>
      <div className="followed-head">
        <JobStatusChip status={live.status} />
        <Link to="/jobs/$jobId" params={{ jobId }} className="mono" title={jobId}>
          {shortId(jobId)}
        </Link>
      </div>
      <States live={live} />
      {error && <ErrorState error={error} />}
      {live.final === null && live.text !== "" && <LiveText text={live.text} />}
      {live.final === null && live.text === "" && !error && <EmptyState title="Nothing yet" />}
      {live.final && <Ended live={live} />}
    </>
  )
}

function States({ live: { heard } }: { readonly live: LiveJob }) {
  const begun = heard[0]?.at ?? 0
  return (
    <ol className="heard">
      {heard.map(({ at, what }) => (
        <li key={`${at} ${what}`}>
          <span className="number soft">{formatDuration(at - begun)}</span> {what}
        </li>
      ))}
    </ol>
  )
}

function Ended({ live: { final, attempts } }: { readonly live: LiveJob }) {
  if (final === null) return null
  return (
    <>
      <div className="followed-why">
        {final.error && <p className="bad">{final.error.message}</p>}
        {provenanceSentences(final, attempts).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      {final.status === "succeeded" && <JobOutput job={final} liveText="" />}
    </>
  )
}
