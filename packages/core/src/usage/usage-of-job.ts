import type { Provenance } from "../contract/job-resource.ts"
import type { Priority } from "../contract/submit.ts"
import type { Attempt, Job, JobBase, OutboxEvent } from "../job/job.ts"
import { errorFigure, type Figures, toPicoUsd } from "./figures.ts"
import { histograms } from "./histogram.ts"
import { allCalls, allRoutes, allTenants, type UsageDimensions, type UsageGrain, type UsageRow, type UsageStatus } from "./usage-row.ts"

/** How many of a job's calls and ends have been accounted. */
export interface AccountedCounts {
  readonly calls: number
  readonly ends: number
}

/** As much of a job as its usage is derived from. */
export interface AccountableJob extends Pick<JobBase, "id" | "tenantId" | "route" | "createdAt" | "attemptCount" | "attempts"> {
  readonly runAt: Date | null
  readonly priority: Priority
  readonly events: readonly Pick<OutboxEvent, "type" | "run" | "at" | "errorType">[]
  readonly replays: readonly { readonly run: number; readonly at: Date }[]
  /** Of the run that succeeded. */
  readonly provenance: Provenance | null
  readonly accounted: AccountedCounts
}

const grainMs: Readonly<Record<UsageGrain, number>> = { day: 86_400_000, hour: 3_600_000, minute: 60_000 }

export function startOfGrain(grain: UsageGrain, at: Date): Date {
  return new Date(Math.floor(at.getTime() / grainMs[grain]) * grainMs[grain])
}

/** The next midnight, UTC. */
export function nextDay(at: Date): Date {
  return new Date(startOfGrain("day", at).getTime() + grainMs.day)
}

/** What the accounting takes of a job, with nothing accounted yet. */
export function accountableOf(job: Job, accounted: AccountedCounts = { calls: 0, ends: 0 }): AccountableJob {
  const { id, tenantId, route, createdAt, attemptCount, attempts, events, deadLetter } = job
  const provenance = job.status === "succeeded" ? job.result.provenance : null
  const replays = deadLetter?.replays ?? []
  const { runAt, priority } = job.options
  return { id, tenantId, route, createdAt, attemptCount, attempts, events, replays, provenance, runAt, priority, accounted }
}

/** All that there is of a job to be accounted. */
export function countsOf({ attemptCount, events }: Pick<AccountableJob, "attemptCount" | "events">): AccountedCounts {
  return { calls: attemptCount, ends: events.length }
}

/** Whether there is something of it that no page has. */
export function isUnaccounted(job: AccountableJob): boolean {
  const { calls, ends } = countsOf(job)
  return calls > job.accounted.calls || ends > job.accounted.ends
}

/** The rows to which a job's calls and ends add that have not been accounted. Calls count by when they began, ends by when they came. */
export function usageOfJob(job: AccountableJob): UsageRow[] {
  const firstKept = job.attemptCount - job.attempts.length
  const calls = job.attempts.slice(Math.max(0, job.accounted.calls - firstKept))
  const ends = job.events.slice(job.accounted.ends)
  return [...calls.flatMap((attempt) => callRows(job, attempt)), ...ends.flatMap((end) => endRows(job, end))]
}

function callRows(job: AccountableJob, attempt: Attempt): UsageRow[] {
  const tokens = (attempt.usage?.inputTokens ?? 0) + (attempt.usage?.outputTokens ?? 0)
  return [
    callRow(job, attempt),
    ...(tokens === 0 ? [] : finerRows(job, attempt.startedAt, { tokens })),
    ...finerGrains.map((grain) => endpointRow(grain, attempt)),
  ]
}

/** For drawing: how calls to an endpoint ended, why those failed that did, and after how long the others answered. */
function endpointRow(grain: UsageGrain, { endpoint, outcome, errorType, durationMs, startedAt }: Attempt): UsageRow {
  return {
    ...rowOf({ tenantId: allCalls, route: allRoutes }, grain, startedAt, { ...noServer, endpoint }),
    figures: {
      [outcome]: 1,
      ...(outcome === "failed" && errorType && { [errorFigure(errorType)]: 1 }),
      ...(outcome === "succeeded" && { [histograms.callLatency.figure(durationMs)]: 1 }),
    },
  }
}

function callRow(job: AccountableJob, attempt: Attempt): UsageRow {
  const { endpoint, provider, model, tier, outcome, credential = "platform" } = attempt
  const dimensions = { endpoint, provider, model, tier, credential, status: outcome }
  return { ...rowOf(job, "day", attempt.startedAt, dimensions), figures: figuresOfCall(attempt) }
}

/** What a call adds to the row of its day. */
export function figuresOfCall({ usage, costUsd, images }: Pick<Attempt, "usage" | "costUsd" | "images">): Figures {
  return figuresOf({
    calls: 1,
    unpricedCalls: costUsd === null && usage !== null ? 1 : 0,
    inputTokens: usage?.inputTokens ?? 0,
    cachedInputTokens: usage?.cachedInputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    images: images ?? 0,
    costPicoUsd: toPicoUsd(costUsd ?? 0),
  })
}

type End = AccountableJob["events"][number]

function endRows(job: AccountableJob, end: End): UsageRow[] {
  const status = statusOf(end.type)
  const served = status === "succeeded" ? job.provenance : null
  return [
    { ...rowOf(job, "day", end.at, { ...serverOf(job, served), status }), figures: figuresOfEnd(served) },
    ...finerRows(job, end.at, finerFigures(job, end, status, served)),
  ]
}

/** The same of its tenant and of all together, by the hour and by the minute. */
function finerRows(job: AccountableJob, at: Date, figures: Figures): UsageRow[] {
  return finerGrains.flatMap((grain) =>
    [job.tenantId, allTenants].map((tenantId) => ({ ...rowOf({ ...job, tenantId }, grain, at, noServer), figures })),
  )
}

/** By the model's name in the configuration, as calls are counted: a provider may answer with a longer one. */
function serverOf(job: AccountableJob, served: Provenance | null): typeof noServer {
  if (!served) return noServer
  const { tier, endpoint, provider, model } = served.served
  const call = job.attempts.findLast((attempt) => attempt.endpoint === endpoint && attempt.outcome === "succeeded")
  return { ...noServer, tier, endpoint, provider, model: call?.model ?? model, credential: call?.credential ?? "platform" }
}

const finerGrains = ["hour", "minute"] as const

const noServer: Omit<UsageDimensions, "tenantId" | "route"> = {
  endpoint: null,
  provider: null,
  model: null,
  tier: null,
  status: null,
  credential: "platform",
}

function figuresOfEnd(served: Provenance | null): Figures {
  return figuresOf({ jobs: 1, degradedJobs: served?.degraded ? 1 : 0, cachedJobs: served?.cache ? 1 : 0 })
}

/** For drawing and for objectives: how jobs ended and why, who answered, after how long, and how old kept answers were. */
function finerFigures(job: AccountableJob, end: End, status: UsageStatus, served: Provenance | null): Figures {
  const latencyMs = end.at.getTime() - dueAt(job, end.run).getTime()
  // Who submits in bulk can wait, and a kept answer says nothing of the tier's own pace.
  const showsPace = served?.served.tier === "primary" && !served.cache && job.priority !== "bulk"
  return {
    [status]: 1,
    ...(end.errorType && { [errorFigure(end.errorType)]: 1 }),
    ...(served && { [`tier_${served.served.tier}`]: 1, [histograms.latency.figure(latencyMs)]: 1 }),
    ...(showsPace && { [histograms.primaryLatency.figure(latencyMs)]: 1 }),
    ...(served?.degraded && { degraded: 1 }),
    ...(served?.cache && { cached: 1, [histograms.cacheAge.figure(served.cache.ageMs)]: 1 }),
  }
}

/** When the run could begin. */
function dueAt({ createdAt, runAt, replays }: AccountableJob, run: number): Date {
  const replay = replays.findLast((each) => each.run === run)
  if (replay) return replay.at
  return runAt !== null && runAt > createdAt ? runAt : createdAt
}

function rowOf(
  { tenantId, route }: Pick<AccountableJob, "tenantId" | "route">,
  grain: UsageGrain,
  at: Date,
  dimensions: Omit<UsageDimensions, "tenantId" | "route">,
): Omit<UsageRow, "figures"> {
  return { grain, at: startOfGrain(grain, at), tenantId, route, ...dimensions }
}

function figuresOf(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== 0))
}

function statusOf(type: End["type"]): UsageStatus {
  switch (type) {
    case "job.succeeded":
      return "succeeded"
    case "job.failed":
      return "failed"
    case "job.cancelled":
      return "cancelled"
    case "job.expired":
      return "expired"
  }
}
