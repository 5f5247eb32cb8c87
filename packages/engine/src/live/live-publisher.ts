import type { LiveChannel, LiveUpdate } from "@sluice/core"
import type { LiveRecord } from "./live-record.ts"
import type { Readers } from "./readers.ts"

export interface LivePublisherOptions {
  readonly channel: Pick<LiveChannel, "publish">
  readonly readers: Readers
  /** What changes in this time travels together. */
  readonly everyMs: number
  readonly monotonicMs: () => number
}

export interface LivePublisher {
  /** Something of the record has changed: its readers are told soon. */
  note(record: LiveRecord): void
  /** Nothing of the record is to be told any more. What is `isUrgent` is told before. */
  drop(record: LiveRecord, options: { readonly isUrgent: boolean }): void
  close(): void
}

/** Of the text of one record in one message. */
const maxPieceChars = 262_144

/** Tells readers what has changed, in one message for each now and then, however many records it is about. */
export function createLivePublisher({ channel, readers, everyMs, monotonicMs }: LivePublisherOptions): LivePublisher {
  const changed = new Set<LiveRecord>()
  let timer: NodeJS.Timeout | undefined
  let flushedAtMs = Number.NEGATIVE_INFINITY

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    flushedAtMs = monotonicMs()
    const messages = new Map<string, LiveUpdate[]>()
    for (const record of changed) if (gather(record, messages)) changed.delete(record)
    for (const [reader, updates] of messages) channel.publish({ reader, updates })
    if (changed.size > 0) flushLater()
  }
  /** Adds what each reader has not been told. False: there is more than a message holds. */
  function gather(record: LiveRecord, messages: Map<string, LiveUpdate[]>): boolean {
    let isAllTold = true
    for (const reader of readers.of(record.jobId)) {
      const news = record.newsFor(reader, maxPieceChars)
      if (!news) continue
      const ofReader = messages.get(reader) ?? []
      ofReader.push(news.update)
      messages.set(reader, ofReader)
      isAllTold &&= news.isAll
    }
    return isAllTold
  }
  /** At once after a while of silence, so that a first word is not kept waiting. */
  function flushLater(): void {
    timer ??= setTimeout(flush, Math.max(0, flushedAtMs + everyMs - monotonicMs()))
  }

  return {
    note(record) {
      if (!readers.has(record.jobId)) return
      changed.add(record)
      flushLater()
    },
    drop(record, { isUrgent }) {
      if (isUrgent && changed.has(record)) flush()
      changed.delete(record)
    },
    close() {
      flush()
      clearTimeout(timer)
    },
  }
}
