import { setImmediate } from "node:timers/promises"
import fc from "fast-check"
import { mapConcurrently } from "../lib/map-concurrently.ts"
import { arbitraryRequest, type FuzzRequest } from "./arbitrary-request.ts"
import { createCaller } from "./caller.ts"
import { createJudge } from "./judge.ts"
import type { Names } from "./known-ids.ts"
import { type MemorySample, rssOf } from "./memory.ts"
import { operationsOf, readDocument } from "./openapi.ts"
import { type Answer, createSender } from "./send.ts"

export interface FuzzOptions {
  readonly url: string
  readonly apiKey: string
  /** Of the API's process, whose memory is watched. */
  readonly pid: number
  readonly names: Names
  readonly requests: number
  readonly seed: number
  readonly concurrency: number
  readonly report: (line: string) => void
  readonly signal: AbortSignal
}

export interface Failure {
  readonly index: number
  readonly request: FuzzRequest
  readonly why: string
}

export interface FuzzResult {
  readonly requests: number
  readonly seconds: number
  readonly failures: readonly Failure[]
  /** How many of each kind were answered with each status; 0 is a connection that was closed without an answer. */
  readonly statuses: Readonly<Record<FuzzRequest["kind"], Readonly<Record<number, number>>>>
  /** Of operations that were called as they are described, how many were answered well. */
  readonly answeredWell: ReadonlyMap<string, number>
  readonly memory: readonly MemorySample[]
}

const chunk = 500
const timeoutMs = 20_000
const maxFailures = 50

/** Calls every operation that the API describes, and holds each answer against the description. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const document = await readDocument(options.url)
  const operations = operationsOf(document)
  const judge = createJudge(document, operations)
  const requests = arbitraryRequest({ operations, schemas: document.components.schemas })
  const sender = createSender({ url: options.url, concurrency: options.concurrency, timeoutMs })
  const tally = createTally(operations.map(({ id }) => id))
  const call = createCaller({ ...options, tenants: ["fuzz-a", "fuzz-b", "fuzz-c"], sender })
  const startedAt = performance.now()
  let sent = 0
  while (sent < options.requests && tally.failures.length < maxFailures && !options.signal.aborted) {
    const numRuns = Math.min(chunk, options.requests - sent)
    const batch = fc.sample(requests, { numRuns, seed: options.seed + sent })
    await mapConcurrently([...batch.entries()], options.concurrency, async ([offset, request]) => {
      const { answer, why } = await attempt(() => call(request))
      tally.add({ index: sent + offset, request, answer, why: why ?? (answer && judge(request, answer)) })
    })
    sent += numRuns
    tally.memory.push({ requests: sent, rssMb: rssOf(options.pid) })
    if (sent % 10_000 === 0) options.report(progress(sent, startedAt, tally))
    await setImmediate()
  }
  sender.close()
  return { ...tally, requests: sent, seconds: (performance.now() - startedAt) / 1_000 }
}

async function attempt(work: () => Promise<Answer>): Promise<{ readonly answer: Answer | null; readonly why: string | null }> {
  try {
    return { answer: await work(), why: null }
  } catch (error) {
    return { answer: null, why: `no answer: ${error instanceof Error ? error.message : String(error)}` }
  }
}

interface Outcome {
  readonly index: number
  readonly request: FuzzRequest
  readonly answer: Answer | null
  readonly why: string | null
}

function createTally(ids: readonly string[]) {
  const statuses: Record<FuzzRequest["kind"], Record<number, number>> = { valid: {}, nearly: {}, wild: {}, raw: {} }
  const answeredWell = new Map(ids.map((id) => [id, 0]))
  const failures: Failure[] = []
  const memory: MemorySample[] = []
  const add = ({ index, request, answer, why }: Outcome) => {
    const status = answer?.status ?? 0
    const counts = statuses[request.kind]
    counts[status] = (counts[status] ?? 0) + 1
    if (request.operation !== null && status >= 200 && status < 300) {
      answeredWell.set(request.operation, (answeredWell.get(request.operation) ?? 0) + 1)
    }
    if (why !== null) failures.push({ index, request, why })
  }
  return { statuses, answeredWell, failures, memory, add }
}

function progress(sent: number, startedAt: number, { memory, failures }: Pick<FuzzResult, "memory" | "failures">): string {
  const rate = Math.round(sent / ((performance.now() - startedAt) / 1_000))
  return `${sent} requests, ${rate}/s, RSS ${memory.at(-1)?.rssMb} MB, ${failures.length} failures`
}
