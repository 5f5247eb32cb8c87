import { isFinal, type JobEvent } from "@sluice/core"
import type { JobRoom } from "./job-room.ts"
import { encodeCursor, type LiveCursor, startOfRun } from "./live-cursor.ts"
import type { LiveRooms } from "./live-rooms.ts"
import { nextEvent, type ReaderMemory } from "./next-event.ts"

export interface StreamJobRequest {
  readonly tenantId: string
  readonly id: string
  /** How far the reader is; null: it begins. */
  readonly after: LiveCursor | null
  /** The reader has gone. */
  readonly signal: AbortSignal
}

export interface StreamedEvent {
  /** Names the place in the stream from which another can go on. */
  readonly id: string
  readonly event: JobEvent
}

export type StreamJobOutcome =
  | { readonly kind: "missing" }
  /** The reader has been told the end of this run. */
  | { readonly kind: "over" }
  /**
   * To be read one by one: while the reader is busy nothing is kept for it, and it is then told what has become of the job
   * meanwhile. Ends after the event of the job's end, and without one when the reader leaves, the job is removed or this process
   * closes.
   */
  | { readonly kind: "events"; readonly events: AsyncIterable<StreamedEvent> }

/** Rejects with `StorageUnavailableError` while the job cannot be read. */
export type StreamJob = (request: StreamJobRequest) => Promise<StreamJobOutcome>

/** Tells the events of a job, from where its reader is up to the end of its run. */
export function createStreamJob({ rooms }: { readonly rooms: LiveRooms }): StreamJob {
  return async ({ tenantId, id, after, signal }) => {
    // Entered before the job is read, or what happens in between would go unnoticed.
    const { room, leave } = rooms.enter({ tenantId, id })
    try {
      const job = await room.look({ tenantId, id })
      const isOver = job !== null && isFinal(job) && after?.run === job.run && after.isOver
      if (job === null || isOver) {
        leave()
        return { kind: isOver ? "over" : "missing" }
      }
      return { kind: "events", events: eventsOf(room, { cursor: after ?? startOfRun(job.run), signal, leave }) }
    } catch (error) {
      leave()
      throw error
    }
  }
}

interface Reader {
  readonly cursor: LiveCursor
  readonly signal: AbortSignal
  leave(): void
}

async function* eventsOf(room: JobRoom, { cursor: start, signal, leave }: Reader): AsyncGenerator<StreamedEvent> {
  const memory: ReaderMemory = { text: null }
  const bell = createBell()
  const stopListening = room.onChange(bell.ring)
  signal.addEventListener("abort", bell.ring)
  let cursor = start
  try {
    while (!signal.aborted && !cursor.isOver) {
      const step = room.view && nextEvent(cursor, room.view, memory)
      if (step) {
        cursor = step.cursor
        yield { id: encodeCursor(cursor), event: step.event }
      } else {
        if (room.isClosed) return
        await bell.rung()
      }
    }
  } finally {
    stopListening()
    signal.removeEventListener("abort", bell.ring)
    leave()
  }
}

/** Remembers that it rang while nobody waited. */
function createBell() {
  let hasRung = false
  let wake: (() => void) | null = null
  return {
    ring(): void {
      hasRung = true
      wake?.()
    },
    async rung(): Promise<void> {
      if (!hasRung) await new Promise<void>((resolve) => (wake = resolve))
      hasRung = false
      wake = null
    },
  }
}
