import type { IncomingHttpHeaders } from "node:http"
import type { OutcomeKind } from "../faults/outcome.ts"
import type { OperationName, WireName } from "../wire/wire.ts"

/** What became of a request: an outcome, a 429 of the limits, or a refusal by the provider's own checks. */
export type RequestFate = OutcomeKind | "limited" | "rejected"

/** What decided it. */
export type FateSource = "schedule" | "script" | "outage" | "limits" | "checks"

/** A request as it is kept while it is served; what is not known yet is null. */
export interface RequestEntry {
  readonly requestId: string
  /** Since the epoch. */
  readonly atMs: number
  readonly wire: WireName
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Its place among the calls that passed the checks, from 1: what the schedule decides by. */
  number: number | null
  operation: OperationName | null
  model: string | null
  stream: boolean
  /** The parsed body, if the log keeps bodies. */
  body: unknown
  fate: RequestFate | null
  source: FateSource | null
  status: number | null
  promptTokens: number
  outputTokens: number
  durationMs: number | null
  /** The client went away before the answer was complete. */
  abortedByClient: boolean
}

export type ReceivedRequest = Readonly<RequestEntry>

/** The latest requests, up to a capacity. */
export interface RequestLog {
  add(entry: RequestEntry): void
  /** Oldest first, with secrets masked. An entry that is being served is shown as it stands. */
  list(): ReceivedRequest[]
}

const SECRET_HEADERS = new Set(["authorization", "x-api-key", "api-key", "cookie"])

export function createRequestLog(capacity: number): RequestLog {
  const ring: RequestEntry[] = []
  let oldest = 0
  return {
    add(entry) {
      if (capacity === 0) return
      if (ring.length < capacity) {
        ring.push(entry)
        return
      }
      ring[oldest] = entry
      oldest = (oldest + 1) % capacity
    },
    list() {
      return [...ring.slice(oldest), ...ring.slice(0, oldest)].map((entry) => ({ ...entry, headers: maskHeaders(entry.headers) }))
    },
  }
}

function maskHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const entries = Object.entries(headers).map(([name, value]) => [name, SECRET_HEADERS.has(name) ? maskSecret(String(value)) : value])
  return Object.fromEntries(entries)
}

/** The end of a long secret tells one from another; of a short one it would tell too much. */
function maskSecret(secret: string): string {
  return secret.length >= 12 ? `***${secret.slice(-4)}` : "***"
}
