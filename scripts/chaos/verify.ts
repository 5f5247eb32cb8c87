import { isDeepStrictEqual } from "node:util"
import type { JobResource, jobStatuses } from "../../packages/core/src/index.ts"
import { disagreements } from "./counters.ts"
import type { Evidence, Submission } from "./evidence.ts"

/** What is wrong with one job. */
export interface Finding {
  readonly jobId: string
  readonly what: string
}

export interface Verdict {
  /** Accepted, and gone or without an end. */
  readonly lost: readonly Finding[]
  /** More than one job for one submission, or more than one result for one job. */
  readonly duplicated: readonly Finding[]
  /** A provider was called for a job after its caller had been told that it is cancelled. */
  readonly ranAfterCancel: readonly Finding[]
  /** The end of a job was not told to a receiver that was to hear of it. */
  readonly untold: readonly Finding[]
  /** An end that is not the right one: another job's answer, or a failure although the providers were only away for a while. */
  readonly wrong: readonly Finding[]
  /** Where the product's own counters say otherwise than its jobs. */
  readonly miscounted: readonly string[]
}

/** A call that a worker was about to make when the cancellation was confirmed may still be begun: workers look every second. */
const cancelGraceMs = 2_000
const unfinished: ReadonlySet<string> = new Set<(typeof jobStatuses)[number]>(["queued", "running"])

/** Compares what callers know, what the API says in the end, and what the providers have in their books. */
export function verify(evidence: Evidence): Verdict {
  const { submissions, jobs } = evidence
  const listed = new Map(jobs.map((job) => [job.id, job]))
  return {
    lost: submissions.flatMap(({ jobId }) => lossOf(jobId, listed.get(jobId))),
    duplicated: [...secondJobs(evidence), ...changedResults(evidence), ...secondResults(evidence), ...secondEvents(evidence)],
    ranAfterCancel: submissions.flatMap((submission) => callsAfterCancel(submission, evidence)),
    untold: untold(evidence, listed),
    wrong: [...submissions.flatMap((submission) => wrongEnd(submission, listed.get(submission.jobId))), ...unpaid(evidence)],
    miscounted: disagreements(evidence.counters, jobs),
  }
}

export function isClean(verdict: Verdict): boolean {
  return Object.values(verdict).every((findings: readonly unknown[]) => findings.length === 0)
}

function lossOf(jobId: string, job: JobResource | undefined): Finding[] {
  if (!job) return [{ jobId, what: "was accepted, but the API does not list it" }]
  if (!unfinished.has(job.status)) return []
  return [{ jobId, what: `is still ${job.status} after ${job.attemptCount} attempts; waiting: ${JSON.stringify(job.waiting)}` }]
}

function secondJobs({ submissions, jobs }: Evidence): Finding[] {
  const known = new Set(submissions.map(({ jobId }) => jobId))
  const strangers = jobs.filter(({ id }) => !known.has(id))
  return [
    ...strangers.map(({ id, metadata }) => ({ jobId: id, what: `is a second job for submission ${metadata.chaos}` })),
    ...submissions.flatMap(({ jobId, otherIds }) =>
      otherIds.map((id) => ({ jobId, what: `its repeated submission was answered with ${id}` })),
    ),
  ]
}

/** What was told as an end has to stay it. */
function changedResults({ submissions, jobs, jobsLater }: Evidence): Finding[] {
  const later = new Map(jobsLater.map((job) => [job.id, job]))
  const told = submissions.flatMap((submission) => submission.told ?? [])
  return [...told, ...jobs.filter(({ status }) => !unfinished.has(status))].flatMap((job) => {
    const last = later.get(job.id)
    if (!last || isDeepStrictEqual(last, job)) return []
    return [{ jobId: job.id, what: `had ended ${job.status} at ${job.finishedAt}, and then ${last.status} at ${last.finishedAt}` }]
  })
}

function secondResults({ ledgers }: Evidence): Finding[] {
  return ledgers.flatMap(({ id, attempts = [] }) => {
    const succeeded = attempts.filter(({ outcome }) => outcome === "succeeded").length
    return succeeded > 1 ? [{ jobId: id, what: `has ${succeeded} attempts that succeeded` }] : []
  })
}

/** A webhook may arrive several times, but always as the same event. */
function secondEvents({ receipts }: Evidence): Finding[] {
  const eventsOf = Map.groupBy(receipts, ({ jobId, run }) => `${jobId} run ${run}`)
  return Array.from(eventsOf).flatMap(([, list]) => {
    const ids = new Set(list.map(({ eventId }) => eventId))
    return ids.size > 1 ? [{ jobId: list[0]?.jobId ?? "", what: `its end was told as ${ids.size} events: ${[...ids].join(", ")}` }] : []
  })
}

function untold({ submissions, receipts }: Evidence, listed: ReadonlyMap<string, JobResource>): Finding[] {
  const told = new Set(receipts.map(({ jobId, type }) => `${jobId} ${type}`))
  return submissions.flatMap(({ jobId, wantsWebhook }) => {
    const status = listed.get(jobId)?.status
    if (!wantsWebhook || status === undefined || unfinished.has(status) || told.has(`${jobId} job.${status}`)) return []
    return [{ jobId, what: `ended ${status}, and its receiver never heard of it` }]
  })
}

function callsAfterCancel(
  { jobId, cancelConfirmedAtMs }: Submission,
  { calls, heldUpMs }: Pick<Evidence, "calls" | "heldUpMs">,
): Finding[] {
  if (cancelConfirmedAtMs === null) return []
  const latestMs = cancelConfirmedAtMs + cancelGraceMs + heldUpMs
  const late = calls.filter((call) => call.jobId === jobId && call.atMs > latestMs)
  return late.map(({ atMs }) => ({
    jobId,
    what: `a provider was called ${atMs - cancelConfirmedAtMs} ms after the cancellation was confirmed`,
  }))
}

/** No answer comes from nowhere. */
function unpaid({ jobs, calls }: Evidence): Finding[] {
  const paid = new Set(calls.filter(({ isPaid }) => isPaid).map(({ jobId }) => jobId))
  const answered = jobs.filter(({ id, status }) => status === "succeeded" && !paid.has(id))
  return answered.map(({ id }) => ({ jobId: id, what: "succeeded, and no provider has answered a call for it" }))
}

function wrongEnd({ jobId, prompt, cancelConfirmedAtMs }: Submission, job: JobResource | undefined): Finding[] {
  if (!job || unfinished.has(job.status)) return []
  if (cancelConfirmedAtMs !== null) {
    return job.status === "cancelled" ? [] : [{ jobId, what: `was confirmed as cancelled, and ended ${job.status}` }]
  }
  if (job.status !== "succeeded") return [{ jobId, what: `ended ${job.status}: ${job.error?.message}` }]
  return JSON.stringify(job.output).includes(prompt) ? [] : [{ jobId, what: "has the answer to another prompt" }]
}
