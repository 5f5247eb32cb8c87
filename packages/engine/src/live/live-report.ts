import {
  type Attempt,
  type AttemptStart,
  type LiveChannel,
  presentAttempt,
  presentWaiting,
  type RunningJob,
  type Waiting,
} from "@sluice/core"
import { createLivePublisher } from "./live-publisher.ts"
import { createLiveRecord, type LiveRecord } from "./live-record.ts"
import { createReaders } from "./readers.ts"

/** What is told of one execution while it lasts. None of it fails or waits. */
export interface LiveExecution {
  /** Whether somebody watches the job at this moment. */
  isWatched(): boolean
  attemptStarted(attempt: AttemptStart): void
  /** A piece of what this attempt writes. */
  wrote(attempt: number, piece: string): void
  attemptEnded(attempt: Attempt): void
  handedBack(waiting: Waiting | null): void
  end(): void
}

/** Tells whoever watches what this worker's executions do. While nobody watches a job, it only keeps the text so far. */
export interface LiveReport {
  begin(job: RunningJob): LiveExecution
  /** Tells what is still to be told, and ends the subscription. */
  close(): void
}

export interface LiveReportOptions {
  readonly channel: Pick<LiveChannel, "publish" | "onAnnounced" | "call">
  /** What is written in this time travels together. Default 40. */
  readonly everyMs?: number
  /** Readers that are silent for longer are forgotten. Default 15,000. */
  readonly readerTtlMs?: number
  readonly monotonicMs?: () => number
}

export function createLiveReport(options: LiveReportOptions): LiveReport {
  const { channel, everyMs = 40, readerTtlMs = 15_000, monotonicMs = () => performance.now() } = options
  const records = new Map<string, LiveRecord>()
  const readers = createReaders({ ttlMs: readerTtlMs, monotonicMs })
  const publisher = createLivePublisher({ channel, readers, everyMs, monotonicMs })

  const tellAll = (id: string, reader: string): void => {
    const record = records.get(id)
    if (!record) return
    record.forget(reader)
    publisher.note(record)
  }
  const unsubscribe = channel.onAnnounced(({ reader, watched, renewed, left }) => {
    for (const id of left) readers.remove(id, reader)
    for (const id of renewed) if (readers.add(id, reader)) tellAll(id, reader)
    for (const id of watched) {
      readers.add(id, reader)
      tellAll(id, reader)
    }
  })
  // Who watched before this worker began.
  channel.call()

  return {
    begin(job) {
      const record = createLiveRecord(job)
      records.set(job.id, record)
      const change = (apply: () => void): void => {
        apply()
        publisher.note(record)
      }
      publisher.note(record)
      return {
        isWatched: () => readers.has(job.id),
        attemptStarted: (attempt) => change(() => record.attemptStarted(attempt)),
        wrote: (attempt, piece) => change(() => record.wrote(attempt, piece)),
        attemptEnded: (attempt) => change(() => record.attemptEnded(presentAttempt(attempt))),
        handedBack: (waiting) => change(() => record.handedBack(waiting && presentWaiting(waiting))),
        end() {
          // How a job has ended the store tells; that it is back in line, nobody else so soon.
          publisher.drop(record, { isUrgent: record.isHandedBack })
          if (records.get(job.id) === record) records.delete(job.id)
        },
      }
    },
    close() {
      publisher.close()
      unsubscribe()
    },
  }
}
