import type { JobResource } from "@sluice/core"
import { Link } from "@tanstack/react-router"
import { formatDuration } from "../../format/duration.ts"
import { formatCount, formatUsd } from "../../format/numbers.ts"
import { Chip } from "../../kit/chip.tsx"
import { type Fact, Facts } from "../../kit/page.tsx"
import { Time, useNow } from "../../kit/time.tsx"
import { provenanceSentences } from "../../words/provenance.ts"
import { waitingWords } from "../../words/status-line.ts"

/** What became of the job, in sentences, and what is known of it. */
export function JobFacts({ job }: { readonly job: JobResource }) {
  return (
    <>
      <Why job={job} />
      <Facts facts={factsOf(job)} />
    </>
  )
}

function Why({ job }: { readonly job: JobResource }) {
  const { error, waiting } = job
  const attempts = (job.attempts ?? []).filter(({ run }) => run === job.run)
  const sentences = provenanceSentences(job, attempts)
  if (error) {
    return (
      <div className="why">
        <p className="bad">
          <strong>{error.type}</strong>
          {error.httpStatus !== null && ` (${error.httpStatus})`}: {error.message}
        </p>
        {error.providerRequestId && <p className="small soft">The provider's request: {error.providerRequestId}</p>}
      </div>
    )
  }
  if (waiting) return <Waits waiting={waiting} />
  if (sentences.length === 0) return null
  return (
    <div className="why">
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  )
}

function Waits({ waiting: { reason, endpoint, since, until, hint } }: { readonly waiting: NonNullable<JobResource["waiting"]> }) {
  const now = useNow()
  return (
    <div className="why">
      <p>
        It waits {waitingWords[reason]}
        {endpoint && ` (${endpoint})`}, for {formatDuration(Math.max(0, now - Date.parse(since)))}
        {until && (
          <>
            , until <Time at={until} />
          </>
        )}
        .
      </p>
      {hint && <p className="soft">{hint}</p>}
    </div>
  )
}

function factsOf(job: JobResource): readonly Fact[] {
  const { provenance, usage, cost, batchId, metadata } = job
  const facts: (Fact | false | null)[] = [
    { label: "Route", value: <Link to="/jobs" search={{ route: job.route }} children={job.route} /> },
    provenance && {
      label: "Quality",
      value: (
        <Chip tone={provenance.degraded ? "warn" : "good"} icon={provenance.degraded ? "warning" : "check"} children={provenance.quality} />
      ),
    },
    { label: "Submitted", value: <Time at={job.createdAt} /> },
    job.finishedAt !== null && { label: "Ended", value: <Time at={job.finishedAt} /> },
    job.finishedAt !== null && { label: "Took", value: formatDuration(Date.parse(job.finishedAt) - Date.parse(job.createdAt)) },
    job.finishedAt === null && { label: "Expires", value: <Time at={job.expiresAt} /> },
    { label: "Attempts", value: `${job.attemptCount}${job.run > 1 ? `, run ${job.run}` : ""}` },
    usage && { label: "Tokens", value: tokensOf(usage) },
    cost && { label: "Cost", value: `${formatUsd(cost.usd)}${cost.estimated ? " (estimated)" : ""}` },
    batchId !== null && { label: "Batch", value: <Link to="/jobs" search={{ batchId }} className="mono" children={batchId} /> },
    ...Object.entries(metadata).map(([key, value]) => ({
      label: key,
      value: <Link to="/jobs" search={{ metadata: `${key}=${value}` }} children={value} />,
    })),
  ]
  return facts.filter((fact) => fact !== false && fact !== null)
}

function tokensOf({ inputTokens, cachedInputTokens, outputTokens }: NonNullable<JobResource["usage"]>): string {
  const cached = cachedInputTokens > 0 ? ` (${formatCount(cachedInputTokens)} cached)` : ""
  return `${formatCount(inputTokens)}${cached} in, ${formatCount(outputTokens)} out`
}
