import type { AttemptResource, AttemptStart, DeliveryResource, ErrorType, JobResource, WaitResource } from "@sluice/core"
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
  /** Those that are over. */
  readonly waits: readonly WaitResource[]
  readonly current: AttemptStart | null
  readonly deliveries: readonly DeliveryResource[]
  readonly nowMs: number
}

/** Shorter gaps between two calls are the way of the job, not waiting. */
const shortestWaitMs = 20
/** Deliveries that were tried later than this after the end would press everything else into a corner; the table has them all. */
const nearEndMs = 10_000

/** The life of the last run as spans of time, in order: what it waited for, each call, each delivery. */
export function timelineOf({ job, attempts, waits, current, deliveries, nowMs }: TimelineOf): Timeline {
  const calls = attempts.filter(({ run }) => run === job.run).map(callSpan)
  if (current) calls.push(runningSpan(current, nowMs))
  const fromMs = beginningOf(job, calls)
  const endMs = job.finishedAt === null ? nowMs : Date.parse(job.finishedAt)
  const known = knownWaits({ job, waits, endMs })
  const spans = [...withWaits(fromMs, { calls, attempts, known }), ...lastWait({ job, calls, known, fromMs, endMs })]
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

interface KnownWait extends Pick<WaitResource, "reason" | "endpoint"> {
  readonly fromMs: number
  readonly toMs: number
  readonly isOver: boolean
}

/** The waits of the run that is shown, of which the reason is known, with the one that is under way. */
function knownWaits({
  job,
  waits,
  endMs,
}: {
  readonly job: TimelineOf["job"]
  readonly waits: TimelineOf["waits"]
  readonly endMs: number
}) {
  const over = waits.filter(({ run }) => run === job.run)
  const known = over.map(({ from, to, ...of }): KnownWait => ({ ...of, fromMs: Date.parse(from), toMs: Date.parse(to), isOver: true }))
  if (job.waiting) known.push({ ...job.waiting, fromMs: Date.parse(job.waiting.since), toMs: endMs, isOver: false })
  return known
}

interface Calls {
  readonly calls: readonly Span[]
  readonly attempts: readonly AttemptResource[]
  readonly known: readonly KnownWait[]
}

/** The calls with what lay between them. */
function withWaits(fromMs: number, { calls, attempts, known }: Calls): Span[] {
  let freeMs = fromMs
  return calls.flatMap((call, index) => {
    const before = attempts.find(({ number }) => `call ${number}` === calls[index - 1]?.key) ?? null
    const waits = gapSpans({ key: `before ${call.key}`, fromMs: freeMs, toMs: call.fromMs, before, known })
    freeMs = Math.max(freeMs, call.toMs)
    return [...waits, call]
  })
}

interface Gap {
  readonly key: string
  readonly fromMs: number
  readonly toMs: number
  /** The call before it. */
  readonly before: { readonly errorType: ErrorType | null; readonly delayMs: number | null } | null
  readonly known: readonly KnownWait[]
}

/** The time in which nobody was called: the waits of which the reason is known, and what is left of it. */
function gapSpans(gap: Gap): Span[] {
  const spans: (Span | null)[] = []
  let freeMs = gap.fromMs
  for (const wait of gap.known) {
    const [fromMs, toMs] = [Math.max(freeMs, wait.fromMs), Math.min(gap.toMs, wait.toMs)]
    if (toMs - fromMs < shortestWaitMs) continue
    spans.push(unknownSpan(gap, freeMs, fromMs), { ...knownSpan(gap, wait), key: `${gap.key} ${fromMs}`, fromMs, toMs })
    freeMs = toMs
  }
  return [...spans, unknownSpan(gap, freeMs, gap.toMs)].filter((span) => span !== null)
}

function knownSpan({ before }: Gap, { reason, endpoint, isOver }: KnownWait): Omit<Span, "key" | "fromMs" | "toMs"> {
  const words = reason === "retry_backoff" && isOver ? afterCall(before) : null
  const detail = words ?? `${waitingWords[reason]}${endpoint ? ` · ${endpoint}` : ""}`
  return { kind: "wait", label: isOver ? "Waited" : "Waits", detail, outcome: isOver ? "neutral" : "open" }
}

function unknownSpan({ key, before }: Gap, fromMs: number, toMs: number): Span | null {
  if (toMs - fromMs < shortestWaitMs) return null
  const label = before === null ? "Queued" : "Waited"
  return { key: `${key} ${fromMs}`, kind: "wait", label, detail: afterCall(before) ?? "in line", outcome: "neutral", fromMs, toMs }
}

function afterCall(before: Gap["before"]): string | null {
  return before?.errorType ? `after ${before.errorType}${before.delayMs ? `, told to wait ${before.delayMs} ms` : ""}` : null
}

interface LastWaitOf {
  readonly job: TimelineOf["job"]
  readonly calls: readonly Span[]
  readonly known: readonly KnownWait[]
  readonly fromMs: number
  readonly endMs: number
}

/** What it waits for now, or waited for when it ended. */
function lastWait({ job, calls, known, fromMs, endMs }: LastWaitOf): Span[] {
  const freeMs = Math.max(fromMs, ...calls.map(({ toMs }) => toMs))
  if (calls.some(({ outcome }) => outcome === "open" || outcome === "good")) return []
  // What follows upon the last wait of a running job is work.
  const toMs = job.status === "running" ? Math.max(freeMs, ...known.map((wait) => wait.toMs)) : endMs
  if (job.status === "running" && known.every((wait) => wait.toMs <= freeMs)) return []
  const spans = gapSpans({ key: "last wait", fromMs: freeMs, toMs, before: null, known })
  return calls.length === 0 ? spans : spans.map((span) => (span.label === "Queued" ? { ...span, label: "Waited" } : span))
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
