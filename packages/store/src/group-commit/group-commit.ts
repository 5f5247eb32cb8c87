import { StorageUnavailableError } from "@sluice/core"

export interface FlushBounds {
  /** Items of one flush. */
  readonly maxItems: number
  /** Bytes of one flush. A larger item travels alone. */
  readonly maxBytes: number
  /** Items that may wait for their flush; one more is refused. */
  readonly maxWaitingItems: number
  /** Bytes that may wait for their flush. */
  readonly maxWaitingBytes: number
}

/** Throughput levels off between 64 and 250 items a flush, and 1,000 still take less than a second [measured]; a message may have 48 MB. */
export const defaultFlushBounds: FlushBounds = {
  maxItems: 1_000,
  maxBytes: 12_000_000,
  maxWaitingItems: 20_000,
  maxWaitingBytes: 128_000_000,
}

export interface FlushReport {
  readonly items: number
  readonly bytes: number
  readonly durationMs: number
  /** What had to wait for the next flush. */
  readonly waitingItems: number
  readonly failed: boolean
}

export interface GroupCommitOptions<Item, Answer> {
  /**
   * Writes the items as one and answers each of them, in their order. An `Error` among the answers is told to its own
   * item only; a rejection is told to all.
   */
  readonly commit: (items: readonly Item[]) => Promise<readonly (Answer | Error)[]>
  readonly bytesOf: (item: Item) => number
  /** The order within a flush. Flushes that lock documents in one order cannot deadlock with each other. */
  readonly compare: (a: Item, b: Item) => number
  readonly bounds: FlushBounds
  readonly report?: (report: FlushReport) => void
  /** Starts a flush when what is running now has come to rest; `setImmediate` unless a test decides. */
  readonly defer?: (flush: () => void) => void
  readonly nowMs?: () => number
}

export interface GroupCommit<Item, Answer> {
  /**
   * Adds an item to the next flush and resolves with its own answer. Rejects with `StorageUnavailableError` when too
   * much is waiting already, and with the signal's reason when it is aborted before the flush leaves.
   */
  add(item: Item, signal: AbortSignal): Promise<Answer>
}

interface Waiting<Item, Answer> {
  readonly item: Item
  readonly bytes: number
  readonly signal: AbortSignal
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Group commit: concurrent writes share a round trip and a journal sync. When idle, what one turn of the event loop adds
 * leaves at its end; while a flush is in flight the rest accumulates, so the batches grow with the load by themselves
 * and nobody waits for a timer. (DeWitt et al., "Implementation Techniques for Main Memory Database Systems", 1984.)
 */
export function createGroupCommit<Item, Answer>(options: GroupCommitOptions<Item, Answer>): GroupCommit<Item, Answer> {
  const { bounds, defer = setImmediate, nowMs = () => performance.now() } = options
  let waiting: Waiting<Item, Answer>[] = []
  let waitingBytes = 0
  let isBusy = false

  function start(): void {
    if (isBusy || waiting.length === 0) return
    isBusy = true
    defer(() => void flush())
  }

  async function flush(): Promise<void> {
    const batch = takeBatch()
    if (batch.length > 0) await commit(batch)
    isBusy = false
    start()
  }

  async function commit(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    const startedAtMs = nowMs()
    let failed = false
    try {
      const answers = await options.commit(batch.map(({ item }) => item))
      batch.forEach((entry, index) => {
        settle(entry, answers[index])
      })
    } catch (reason) {
      failed = true
      for (const { reject } of batch) reject(reason)
    }
    const durationMs = nowMs() - startedAtMs
    tell(options.report, { items: batch.length, bytes: bytesOf(batch), durationMs, waitingItems: waiting.length, failed })
  }

  function takeBatch(): Waiting<Item, Answer>[] {
    waiting = waiting.filter(isWanted)
    let bytes = 0
    const ahead = waiting.slice(0, bounds.maxItems)
    const tooMany = ahead.findIndex((entry, index) => {
      bytes += entry.bytes
      return index > 0 && bytes > bounds.maxBytes
    })
    const batch = waiting.splice(0, tooMany < 0 ? ahead.length : tooMany)
    waitingBytes = bytesOf(waiting)
    return batch.sort((a, b) => options.compare(a.item, b.item))
  }

  function add(item: Item, signal: AbortSignal): Promise<Answer> {
    const bytes = options.bytesOf(item)
    const hasRoom = waiting.length < bounds.maxWaitingItems && (waiting.length === 0 || waitingBytes + bytes <= bounds.maxWaitingBytes)
    if (!hasRoom) return Promise.reject(overloaded(waiting.length, waitingBytes))
    return new Promise((resolve, reject) => {
      waiting.push({ item, bytes, signal, resolve, reject })
      waitingBytes += bytes
      start()
    })
  }

  return { add }
}

function bytesOf(entries: readonly { readonly bytes: number }[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0)
}

function isWanted<Item, Answer>({ signal, reject }: Waiting<Item, Answer>): boolean {
  if (signal.aborted) reject(signal.reason)
  return !signal.aborted
}

function settle<Item, Answer>({ resolve, reject }: Waiting<Item, Answer>, answer: Answer | Error | undefined): void {
  if (answer === undefined) reject(new Error("A flush answered fewer items than it was given"))
  else if (answer instanceof Error) reject(answer)
  else resolve(answer)
}

function overloaded(items: number, bytes: number): StorageUnavailableError {
  const waiting = `${items.toLocaleString("en")} writes with ${bytes.toLocaleString("en")} bytes`
  return new StorageUnavailableError({ message: `MongoDB does not keep up: ${waiting} are waiting already. Try again later.` })
}

function tell(report: GroupCommitOptions<never, never>["report"], flushed: FlushReport): void {
  try {
    report?.(flushed)
  } catch {
    // A listener must not break the writes that it hears about.
  }
}
