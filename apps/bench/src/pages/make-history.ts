import type { AccountableJob } from "@sluice/core"

/** A job as the collection has it: what its copies differ in, and whatever else there is. */
export type JobDocument = Omit<AccountableJob, "id" | "events" | "replays" | "provenance" | "runAt" | "priority" | "accounted"> & {
  readonly _id: string
  readonly status: string
  readonly options: Pick<AccountableJob, "priority" | "runAt">
  readonly events: readonly (AccountableJob["events"][number] & { readonly id: string })[]
  readonly startedAt?: Date
  readonly finishedAt?: Date
  readonly deadline: Date
  readonly notBefore?: Date
  readonly result?: { readonly provenance: AccountableJob["provenance"] }
  readonly error?: object
  readonly deadLetter?: { readonly at: Date; readonly error: object }
}

/** Real jobs, one of each end, of which the history is made. */
export interface Shapes {
  readonly succeeded: JobDocument
  readonly failed: JobDocument
  readonly expired: JobDocument
  readonly cancelled: JobDocument
  readonly queued: JobDocument
}

const weekMs = 7 * 86_400_000
/** Of each hundred jobs; the rest succeeded. */
const ends = { failed: 3, expired: 1, cancelled: 1, queued: 1 } as const
const routes = ["chat", "summaries", "translations"] as const
const endpoints = ["sim-a", "sim-b", "sim-c", "sim-d"] as const
const errors = ["content_filter", "context_length", "overloaded", "timeout", "invalid_input", "schema_mismatch"] as const
const customers = 1_000
/** No worker takes up what waits, neither while the examples are made nor when the measurement is repeated in a month. */
const yearMs = 365 * 86_400_000

export interface HistoryOptions {
  readonly shapes: Shapes
  readonly jobs: number
  /** When the last of them was submitted. */
  readonly endMs: number
}

/** The job of this number: the same for the same options, so that what was begun can be gone on with. */
export function jobAt({ shapes, jobs, endMs }: HistoryOptions, index: number): JobDocument {
  const createdMs = Math.floor(endMs - weekMs + (index / jobs) * weekMs)
  const shape = shapes[statusAt(index)]
  const of = <T>(list: readonly T[], divisor: number): T => list[Math.floor(index / divisor) % list.length] ?? (list[0] as T)
  const [route, endpoint, type] = [of(routes, 1), of(endpoints, 3), of(errors, 7)]
  const durationMs = 200 + ((index * 7_919) % 4_000)
  const [createdAt, startedAt, finishedAt] = [0, 20, 20 + durationMs].map((ms) => new Date(createdMs + ms)) as [Date, Date, Date]
  const error = shape.error && { ...shape.error, type, endpoint }
  return {
    ...shape,
    _id: `job_${idAt(createdMs, index)}`,
    route,
    createdAt,
    deadline: new Date(createdMs + weekMs * 2),
    attempts: shape.attempts.map((attempt) => ({ ...attempt, endpoint, startedAt, durationMs, ...(error && { errorType: type }) })),
    events: shape.events.map((event) => ({ ...event, id: `evt_${idAt(createdMs, index)}`, at: finishedAt, fannedOut: true })),
    ...{ metadata: [{ k: "customer", v: `c${index % customers}` }] },
    ...(statusAt(index) === "queued" && { notBefore: new Date(endMs + yearMs), deadline: new Date(endMs + 2 * yearMs) }),
    ...(shape.startedAt && { startedAt }),
    ...(shape.finishedAt && { finishedAt }),
    ...(error && { error }),
    ...(shape.deadLetter && error && { deadLetter: { ...shape.deadLetter, at: finishedAt, error } }),
    ...(shape.result && { result: servedBy(shape.result, endpoint) }),
  }
}

function statusAt(index: number): keyof Shapes {
  let rest = index % 100
  for (const [status, share] of Object.entries(ends)) {
    if (rest < share) return status as keyof typeof ends
    rest -= share
  }
  return "succeeded"
}

function servedBy(result: NonNullable<JobDocument["result"]>, endpoint: string): NonNullable<JobDocument["result"]> {
  const { provenance } = result
  return { ...result, provenance: provenance && { ...provenance, served: { ...provenance.served, endpoint } } }
}

/** As UUIDv7: ids in the order of their times. */
function idAt(ms: number, index: number): string {
  return `${ms.toString(16).padStart(12, "0")}7000${(0x8000_0000_0000_0000n + BigInt(index)).toString(16)}`
}

/** What the books take of it. */
export function accountable({ _id, options, events, result, ...job }: JobDocument): AccountableJob {
  const { runAt, priority } = options
  return { ...job, id: _id, runAt, priority, events, replays: [], provenance: result?.provenance ?? null, accounted: { calls: 0, ends: 0 } }
}
