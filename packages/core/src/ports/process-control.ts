import { z } from "zod"
import { logLevel, processKinds } from "../contract/log-level.ts"

const date = z.iso.datetime().transform((text) => new Date(text))

/** A process of the installation, as it says of itself. */
export const processReport = z.object({
  /** Its alone, also among processes of other machines and times. */
  id: z.string(),
  kind: z.enum(processKinds),
  host: z.string(),
  pid: z.number(),
  startedAt: date,
  /** What it logs now, and what it logs unless it is told otherwise. */
  logLevel,
  configuredLogLevel: logLevel,
})
export type ProcessReport = z.infer<typeof processReport>
export type ProcessKind = ProcessReport["kind"]

/** An operator's word about what is logged, until it runs out. */
export const logLevelOrder = z.object({
  level: logLevel,
  /** Processes of which kind; null: all. */
  of: z.enum(processKinds).nullable(),
  until: date,
  /** Who said it. */
  by: z.string(),
})
export type LogLevelOrder = z.infer<typeof logLevelOrder>

/** A look into a running process: what it is busy with (`cpu`), or what is in its memory (`heap`). */
export const profileOrder = z.object({
  /** Of this order. */
  id: z.string(),
  processId: z.string(),
  kind: z.enum(["cpu", "heap"]),
  /** Of a CPU profile; a heap snapshot takes as long as it takes. */
  durationMs: z.number(),
})
export type ProfileOrder = z.infer<typeof profileOrder>

export const profileOutcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("written"), file: z.string(), bytes: z.number() }),
  /** It was not made, and why, for whoever asked. */
  z.object({ kind: z.literal("refused"), reason: z.string() }),
])
export type ProfileOutcome = z.infer<typeof profileOutcome>

/** What a process is to do. */
export interface ProcessOrders {
  readonly logLevel: LogLevelOrder | null
  /** Handed out once. */
  readonly profile: ProfileOrder | null
}

/**
 * How an operator reaches processes that run, wherever they do: each of them reports about once a second, and is told what it is to
 * do. Every method rejects with `QueueUnavailableError` when that is out of reach.
 */
export interface ProcessControl {
  /** A sign of life, which stands for ten seconds; resolves with what the process is to do. */
  report(process: ProcessReport): Promise<ProcessOrders>
  /** The process has stopped in order. */
  leave(processId: string): Promise<void>
  /** Those whose sign of life still stands, by id. */
  processes(): Promise<readonly ProcessReport[]>
  /** Takes the place of the order before. Null: none, whatever was ordered. */
  setLogLevel(order: LogLevelOrder | null): Promise<void>
  /** The order that has not run out; null: there is none. */
  logLevel(): Promise<LogLevelOrder | null>
  /** Leaves a process an order, in place of one that it has not fetched yet. It is forgotten when it is not fetched within ten seconds. */
  orderProfile(order: ProfileOrder): Promise<void>
  /** Says what became of an order. */
  answerProfile(orderId: string, outcome: ProfileOutcome): Promise<void>
  /** Null: nothing yet. */
  profileOutcome(orderId: string): Promise<ProfileOutcome | null>
}

/** For how long a sign of life and an order that nobody fetches stand. */
export const processTtlMs = 10_000
