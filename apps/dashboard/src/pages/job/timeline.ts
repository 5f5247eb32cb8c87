import type { AttemptResource, AttemptStart, DeliveryResource, ErrorType, JobResource } from "@sluice/core"
import { waitingWords } from "../../words/status-line.ts"

export interface Span {
  readonly key: string
  readonly kind: "wait" | "call" | "delivery"
  readonly label: string
  /** What more there is to say: the tier, the error, how long it was made to wait. */
  readonly detail: string
  readonly outcome: "good" | "bad" | "open" | "neutral"
  readonly fromMs: number
  /** For what is not over: now. */
  readonly toMs: number
}

export interface Timeline {
  readonly fromMs: number
  readonly toMs: number
  readonly spans: readonly Span[]
}

export interface TimelineOf {
  readonly job: Pick<JobResource, "createdAt" | "startedAt" | "finishedAt" | "waiting" | "run" | "status">
  readonly attempts: readonly AttemptResource[]
  readonly current: AttemptStart | null
  readonly deliveries: readonly DeliveryResource[]
  readonly nowMs: number
}

/** Shorter gaps between two calls are the way of the job, not waiting. */
const shortestWaitMs = 20
/** Deliveries that were tried later than this after the end would press everything else into a corner; the table has them all. */
const nearEndMs = 10_000

/** The life of the last run as spans of time, in order: what it waited for, each call, each delivery. */
export function timelineOf({ job, attempts, current, deliveries, nowMs }: TimelineOf): Timeline {
  const calls = attempts.filter(({ run }) => run === job.run).map(callSpan)
  if (current) calls.push(runningSpan(current, nowMs))
  const fromMs = beginningOf(job, calls)
  const endMs = job.finishedAt === null ? nowMs : Date.parse(job.finishedAt)
  const spans = [...withWaits(fromMs, calls, attempts), ...lastWait({ job, calls, fromMs, endMs })]
  const near = endMs + Math.max(nearEndMs, endMs - fromMs)
  const told = deliveries.flatMap(triesOf).filter((span) => span.fromMs >= fromMs && span.toMs <= near)
  const all = [...spans, ...told]
  return { fromMs, toMs: Math.max(endMs, fromMs + 1, ...all.map(({ toMs }) => toMs)), spans: all }
}

/** A replayed job was submitted long before its last run began. */
function beginningOf({ run, createdAt, startedAt }: TimelineOf["job"], calls: readonly Span[]): number {
  if (run === 1) return Date.parse(createdAt)
  return Math.min(...calls.map(({ fromMs }) => fromMs), Date.parse(startedAt ?? createdAt))
}

function callSpan(attempt: AttemptResource): Span {
  const { number, endpoint, tier, model, outcome, errorType, httpStatus, startedAt, durationMs, charged } = attempt
  const status = httpStatus !== null && errorType !== null ? ` (${httpStatus})` : ""
  const failure = errorType === null ? outcome : `${errorType}${status}${charged ? "" : ", not charged"}`
  return {
    key: `call ${number}`,
    kind: "call",
    label: `Call ${number} · ${endpoint}`,
    detail: `${tier} · ${model} · ${failure}`,
    outcome: outcome === "succeeded" ? "good" : outcome === "failed" ? "bad" : "neutral",
    fromMs: Date.parse(startedAt),
    toMs: Date.parse(startedAt) + durationMs,
  }
}

function runningSpan({ number, endpoint, tier, model, startedAt }: AttemptStart, nowMs: number): Span {
  const fromMs = Date.parse(startedAt)
  return {
    key: `call ${number}`,
    kind: "call",
    label: `Call ${number} · ${endpoint}`,
    detail: `${tier} · ${model} · under way`,
    outcome: "open",
    fromMs,
    toMs: Math.max(nowMs, fromMs),
  }
}

/** The calls with what lay between them. */
function withWaits(fromMs: number, calls: readonly Span[], attempts: readonly AttemptResource[]): Span[] {
  let freeMs = fromMs
  return calls.flatMap((call, index) => {
    const before = attempts.find(({ number }) => `call ${number}` === calls[index - 1]?.key) ?? null
    const wait = waitSpan({ key: `before ${call.key}`, fromMs: freeMs, toMs: call.fromMs, before })
    freeMs = Math.max(freeMs, call.toMs)
    return wait === null ? [call] : [wait, call]
  })
}

interface WaitOf {
  readonly key: string
  readonly fromMs: number
  readonly toMs: number
  /** The call before it. */
  readonly before: { readonly errorType: ErrorType | null; readonly delayMs: number | null } | null
}

function waitSpan({ key, fromMs, toMs, before }: WaitOf): Span | null {
  if (toMs - fromMs < shortestWaitMs) return null
  const detail = before?.errorType ? `after ${before.errorType}${before.delayMs ? `, told to wait ${before.delayMs} ms` : ""}` : "in line"
  return { key, kind: "wait", label: before === null ? "Queued" : "Waited", detail, outcome: "neutral", fromMs, toMs }
}

interface LastWaitOf {
  readonly job: TimelineOf["job"]
  readonly calls: readonly Span[]
  readonly fromMs: number
  readonly endMs: number
}

/** What it waits for now, or waited for when it ended. */
function lastWait({ job, calls, fromMs, endMs }: LastWaitOf): Span[] {
  const { waiting } = job
  const freeMs = Math.max(fromMs, ...calls.map(({ toMs }) => toMs))
  if (calls.some(({ outcome }) => outcome === "open" || outcome === "good")) return []
  if (waiting === null && job.status === "running") return []
  const span = waitSpan({ key: "last wait", fromMs: freeMs, toMs: endMs, before: null })
  if (span === null) return []
  const detail = waiting ? `${waitingWords[waiting.reason]}${waiting.endpoint ? ` · ${waiting.endpoint}` : ""}` : span.detail
  return [{ ...span, label: waiting ? "Waits" : calls.length === 0 ? "Queued" : "Waited", detail, outcome: waiting ? "open" : "neutral" }]
}

function triesOf({ id, eventType, target, tries }: DeliveryResource): Span[] {
  return tries.map(({ at, durationMs, httpStatus, error }, index) => ({
    key: `${id} ${index}`,
    kind: "delivery",
    label: `Webhook ${eventType}`,
    detail: `${target} · ${error ?? httpStatus ?? ""}`,
    outcome: error === null ? "good" : "bad",
    fromMs: Date.parse(at),
    toMs: Date.parse(at) + durationMs,
  }))
}
