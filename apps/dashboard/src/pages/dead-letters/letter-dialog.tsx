import type { DeadLetterResource, JobResource } from "@sluice/core"
import { useQuery } from "@tanstack/react-query"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { CopyButton } from "../../kit/copy-button.tsx"
import { Dialog } from "../../kit/dialog.tsx"
import { JobLink } from "../../kit/job-link.tsx"
import { type Fact, Facts } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { Time } from "../../kit/time.tsx"
import { compareRuns, type RunWithCalls } from "./compare-runs.ts"
import { letterQuery, runsQuery } from "./dead-letters-query.ts"
import { LetterStateChip } from "./letters-panel.tsx"

/** One dead letter, and how its last run compares with the one before. */
export function LetterDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const letter = useQuery(letterQuery(useApi(), id))
  const mayReadJobs = useSession().can("jobs:read")
  return (
    <Dialog title="Dead letter" onClose={onClose}>
      <QueryView query={letter}>
        {(found) => (
          <>
            <p className="bad">{found.error.message}</p>
            <Facts facts={factsOf(found)} />
            {found.kind === "job" && found.jobId !== null && mayReadJobs && <Runs jobId={found.jobId} />}
          </>
        )}
      </QueryView>
    </Dialog>
  )
}

function factsOf(letter: DeadLetterResource): readonly Fact[] {
  const { id, state, error, route, endpoint, jobId, deliveryId, createdAt, purgeAt, discarded } = letter
  return [
    { label: "State", value: <LetterStateChip state={state} /> },
    { label: "Error", value: `${error.type}${error.httpStatus === null ? "" : ` · ${error.httpStatus}`}` },
    { label: "Route", value: route ?? "–" },
    { label: "Endpoint", value: endpoint ?? "none was called" },
    { label: "Died", value: <Time at={createdAt} /> },
    { label: state === "open" ? "Discarded by itself" : "Kept until", value: <Time at={purgeAt} as="ago" /> },
    ...(jobId === null ? [] : [{ label: "Job", value: <JobLink id={jobId} /> }]),
    ...(deliveryId === null ? [] : [{ label: "Delivery", value: <Copied text={deliveryId} /> }]),
    { label: "Id", value: <Copied text={id} /> },
    ...(discarded ? [{ label: `Discarded by ${discarded.by}`, value: discarded.reason }] : []),
  ]
}

function Copied({ text }: { readonly text: string }) {
  return (
    <>
      <span className="mono">{text}</span>
      <CopyButton text={text} label={`Copy ${text}`} />
    </>
  )
}

function Runs({ jobId }: { readonly jobId: string }) {
  const job = useQuery(runsQuery(useApi(), jobId))
  return <QueryView query={job}>{(found) => <Comparison runs={runsOf(found)} />}</QueryView>
}

function runsOf({ runs = [], attempts = [] }: JobResource): readonly RunWithCalls[] {
  return runs.map((run) => ({ run, attempts: attempts.filter((attempt) => attempt.run === run.run) }))
}

function Comparison({ runs }: { readonly runs: readonly RunWithCalls[] }) {
  const [before, after] = runs.slice(-2)
  if (!before || !after) return <p className="small soft">It has not been replayed yet. When it has, its runs are compared here.</p>
  return (
    <table className="runs">
      <caption className="unseen">What differs between the last two runs</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">Run {before.run.run}</th>
          <th scope="col">Run {after.run.run}</th>
        </tr>
      </thead>
      <tbody>
        {compareRuns(before, after).map(({ label, before: left, after: right, differs }) => (
          <tr key={label} className={differs ? "runs-differ" : undefined}>
            <th scope="row">
              {label}
              {differs && <span className="unseen"> (differs)</span>}
            </th>
            <td>{left}</td>
            <td>{right}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
