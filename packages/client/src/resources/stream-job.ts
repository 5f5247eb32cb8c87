import type { JobEvent, JobResource, SubmitRequest } from "@sluice/core"
import type { CallOptions } from "../paging/list-resource.ts"
import { isWorthRetrying, retryDelayMs } from "../transport/retry-policy.ts"
import type { Sleep } from "../transport/sleep.ts"
import type { Transport } from "../transport/transport.ts"

export interface StreamOptions extends CallOptions {
  /** Begins after this event; its id is in each event. Default: with the first. */
  readonly lastEventId?: string
  /** As of `submit`, where a submission is given. */
  readonly idempotencyKey?: string
  /** How long the server may be out of reach, in one piece, before the stream is given up. Default 60,000. */
  readonly patienceMs?: number
}

/** One event. `id` names the place from which another stream can go on. */
export type StreamedJobEvent = JobEvent & { readonly id: string }

export type StreamJob = (job: string | SubmitRequest, options?: StreamOptions) => AsyncIterable<StreamedJobEvent>

export interface StreamJobDependencies {
  readonly transport: Transport
  readonly submit: (request: SubmitRequest, options: CallOptions & { idempotencyKey?: string }) => Promise<JobResource>
  readonly pathOf: (id: string) => string
  readonly sleep: Sleep
  readonly now: () => number
  readonly random: () => number
}

const never = new AbortController().signal
/** Between two connections, where the server does not say. */
const defaultRetryMs = 1_000

/** The events of a job up to its end, over as many connections as it takes: each goes on where the one before was lost. */
export function createStreamJob(dependencies: StreamJobDependencies): StreamJob {
  const { submit, pathOf, sleep } = dependencies
  return async function* streamJob(job, options = {}) {
    const { signal = never } = options
    const id = typeof job === "string" ? job : (await submit(job, options)).id
    const place: Place = { path: `${pathOf(id)}/events`, lastEventId: options.lastEventId, isOver: false, retryMs: null, signal }
    const patience = createPatience(dependencies, options.patienceMs)
    for (;;) {
      signal.throwIfAborted()
      yield* overOneConnection(dependencies.transport, place, patience)
      if (place.isOver) return
      await sleep(patience.nextMs(place.retryMs), signal)
    }
  }
}

/** How far a stream is. */
interface Place {
  readonly path: string
  readonly signal: AbortSignal
  lastEventId: string | undefined
  /** The end has been told. */
  isOver: boolean
  /** What the server asked for. */
  retryMs: number | null
}

async function* overOneConnection(transport: Transport, place: Place, patience: Patience): AsyncGenerator<StreamedJobEvent> {
  const { path, lastEventId, signal } = place
  try {
    const source = await transport.events({ path, headers: lastEventId === undefined ? {} : { "last-event-id": lastEventId }, signal })
    place.isOver = source === null
    for await (const { id, data } of source?.events ?? []) {
      const event = parsed(id, data)
      patience.renew()
      place.lastEventId = id
      place.isOver = "job" in event
      yield event
      if (place.isOver) return
    }
    place.retryMs = source?.retryMs() ?? null
  } catch (error) {
    signal.throwIfAborted()
    patience.spend(error)
  }
}

interface Patience {
  /** Something was heard. */
  renew(): void
  /** A connection has failed. Throws the error when there is no patience left, or no use in trying again. */
  spend(error: unknown): void
  /** Until the next connection. */
  nextMs(asked: number | null): number
}

function createPatience({ now, random }: Pick<StreamJobDependencies, "now" | "random">, patienceMs = 60_000): Patience {
  let heardAt = now()
  let failures = 0
  let failure: { readonly error: unknown } | null = null
  return {
    renew() {
      heardAt = now()
      failures = 0
    },
    spend(error) {
      if (!isWorthRetrying(error, "safely") || now() - heardAt > patienceMs) throw error
      failure = { error }
      failures += 1
    },
    nextMs(asked) {
      const ms = failure ? retryDelayMs({ error: failure.error, retried: failures - 1, random }) : (asked ?? defaultRetryMs)
      failure = null
      return ms
    },
  }
}

function parsed(id: string, data: string): StreamedJobEvent {
  const event: JobEvent = JSON.parse(data)
  return { ...event, id }
}
