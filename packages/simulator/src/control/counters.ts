import type { RequestEntry, RequestFate } from "./request-log.ts"

/** What a simulator has done since it started or was reset. */
export interface Counters {
  readonly received: number
  /** Being served now; hanging ones too. */
  readonly open: number
  readonly peakOpen: number
  readonly abortedByClient: number
  /** Requests refused with 429 because they were over `limits`; those of the schedule are under `byFate`. */
  readonly limited: number
  readonly byFate: { readonly [fate in RequestFate]?: number }
  /** Answers by HTTP status; what got none is missing here. */
  readonly byStatus: { readonly [status: string]: number }
  readonly promptTokens: number
  readonly outputTokens: number
}

/** Counts requests as they come and go. */
export interface Tally {
  opened(): void
  /** Called once for each that was opened, when it is over. */
  closed(entry: RequestEntry): void
  counters(): Counters
}

/** A tally at zero, but for `open` requests that are being served already. */
export function createTally({ open: openAtStart }: { open: number }): Tally {
  let received = 0
  let open = openAtStart
  let peakOpen = openAtStart
  let abortedByClient = 0
  let promptTokens = 0
  let outputTokens = 0
  const byFate = new Map<RequestFate, number>()
  const byStatus = new Map<number, number>()
  return {
    opened() {
      received += 1
      open += 1
      peakOpen = Math.max(peakOpen, open)
    },
    closed(entry) {
      open -= 1
      if (entry.abortedByClient) abortedByClient += 1
      if (entry.fate !== null) increment(byFate, entry.fate)
      if (entry.status !== null) increment(byStatus, entry.status)
      promptTokens += entry.promptTokens
      outputTokens += entry.outputTokens
    },
    counters() {
      const fates: Counters["byFate"] = Object.fromEntries(byFate)
      const limited = byFate.get("limited") ?? 0
      const totals = { received, open, peakOpen, abortedByClient, promptTokens, outputTokens }
      return { ...totals, limited, byFate: fates, byStatus: Object.fromEntries(byStatus) }
    },
  }
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
