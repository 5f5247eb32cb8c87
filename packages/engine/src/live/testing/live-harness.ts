import { type Attempt, type Ending, type JobEvent, jobEvent, type RunningJob } from "@sluice/core"
import {
  createMemoryBlobStore,
  createMemoryJobSignals,
  createMemoryJobStore,
  createMemoryLiveChannels,
  sampleAttempt,
  sampleJob,
  sampleResult,
  sampleSuccess,
} from "@sluice/core/testing"
import { createJobWatch } from "../../wait/job-watch.ts"
import { decodeCursor } from "../live-cursor.ts"
import { createLiveReport, type LiveExecution } from "../live-report.ts"
import { createLiveRooms } from "../live-rooms.ts"
import { createStreamJob, type StreamJob, type StreamJobOutcome, type StreamJobRequest } from "../stream-job.ts"

/** Lets everything happen that is about to. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** A job in a store, workers that execute it, and two API processes with readers, all in memory. */
export function createLiveHarness(options: { lookEveryMs?: number } = {}) {
  const job = sampleJob()
  const store = createMemoryJobStore({ initial: [job] })
  const blobs = createMemoryBlobStore()
  const signals = createMemoryJobSignals()
  const faults = { losesMessages: false }
  const channels = createMemoryLiveChannels({ isLost: () => faults.losesMessages })
  const report = createLiveReport({ channel: channels.open("worker"), everyMs: 0 })
  const processes = ["api-1", "api-2"].map((name) => {
    const watch = createJobWatch({ store, signals, lookEveryMs: options.lookEveryMs ?? 5 })
    const rooms = createLiveRooms({ store, blobs, watch, channel: channels.open(name), renewEveryMs: 5, monotonicMs: () => 0 })
    return { watch, rooms, streamJob: createStreamJob({ rooms }) }
  })
  let claims = 0

  return {
    job,
    store,
    blobs,
    signals,
    faults,
    processes,
    streamJob: (process: number, request: Omit<StreamJobRequest, "tenantId" | "id"> & { tenantId?: string }): ReturnType<StreamJob> => {
      const { streamJob } = processes[process] ?? {}
      if (!streamJob) throw new Error("There is no such process.")
      return streamJob({ tenantId: job.tenantId, id: job.id, ...request })
    },
    async claim(): Promise<{ running: RunningJob; live: LiveExecution }> {
      claims += 1
      const claim = { token: `token-${claims}`, workerId: "w", at: new Date(job.createdAt.getTime() + claims) }
      const outcome = await store.claim({ id: job.id, run: 1, claim })
      if (outcome.kind !== "claimed") throw new Error("The job was not to be had.")
      return { running: outcome.job, live: report.begin(outcome.job) }
    },
    async handBack({ running, live }: Awaited<ReturnType<typeof this.claim>>, attempts: readonly Attempt[] = []): Promise<void> {
      const back = { notBefore: null, waiting: null, enqueueDueAt: running.createdAt, attempts }
      await store.handBack({ id: job.id, run: 1, token: running.claim.token, ...back })
      live.handedBack(null)
      live.end()
    },
    async finish({ running, live }: Awaited<ReturnType<typeof this.claim>>, ending: Ending, isTold = true): Promise<void> {
      await store.finish({ id: job.id, run: 1, token: running.claim.token, ending })
      if (isTold) signals.announceFinished({ id: job.id })
      live.end()
    },
    close() {
      report.close()
      for (const { watch, rooms } of processes) {
        watch.close()
        rooms.close()
      }
    },
  }
}

export type LiveHarness = ReturnType<typeof createLiveHarness>

/** An attempt as the ledger has it, and as it begins. */
export function attemptOf(number: number, overrides: Partial<Attempt> = {}) {
  const attempt = sampleAttempt({ number, ...overrides })
  const { tier, endpoint, provider, model, region, startedAt } = attempt
  return { attempt, start: { number, tier, endpoint, provider, model, region, startedAt: startedAt.toISOString() } }
}

export function successWith(text: string, attempts: readonly Attempt[]): Ending {
  return sampleSuccess({ attempts, result: sampleResult(text) })
}

/** A client that puts the text together, and comes back where it was when it has lost its connection. */
export function createReader(harness: Pick<LiveHarness, "streamJob">) {
  const events: JobEvent[] = []
  let text = ""
  let lastId: string | null = null
  let connection: { readonly leave: AbortController; readonly done: Promise<void> } | null = null

  function take(event: JobEvent): void {
    events.push(jobEvent.parse(event))
    if (event.type === "output.reset") text = ""
    if (event.type !== "output.delta") return
    if (event.offset !== text.length) throw new Error(`A piece for ${event.offset} came at ${text.length}.`)
    text += event.text
  }
  async function read(process: number, signal: AbortSignal): Promise<StreamJobOutcome["kind"]> {
    const after = lastId === null ? null : decodeCursor(lastId)
    const outcome = await harness.streamJob(process, { after, signal })
    if (outcome.kind !== "events") return outcome.kind
    for await (const { id, event } of outcome.events) {
      lastId = id
      take(event)
    }
    return "events"
  }
  return {
    events,
    text: () => text,
    lastId: () => lastId,
    connect(process: number): void {
      const leave = new AbortController()
      connection = { leave, done: read(process, leave.signal).then(() => undefined) }
    },
    async disconnect(): Promise<void> {
      connection?.leave.abort()
      await connection?.done
    },
    /** Resolves when the stream has ended. */
    async ended(): Promise<void> {
      await connection?.done
    },
    readOnce: (process: number) => read(process, new AbortController().signal),
  }
}
