import type { BatchItem, BatchItemError, BatchSubmission } from "@sluice/core"
import type { Sleep } from "../../transport/sleep.ts"
import type { Transport } from "../../transport/transport.ts"

export interface SentItems {
  /** Items that were sent, in all. */
  readonly sent: number
  readonly accepted: number
  /** The batch had them already. */
  readonly existing: number
  /** What is wrong with the others; `line` counts the items, the first is 1. */
  readonly errors: readonly BatchItemError[]
}

export interface SendItemsRequest {
  readonly transport: Transport
  readonly sleep: Sleep
  readonly path: string
  readonly items: Iterable<BatchItem> | AsyncIterable<BatchItem>
  readonly close: boolean
  readonly onProgress?: ((sent: SentItems) => void) | undefined
  readonly signal: AbortSignal
}

const maxItems = 500
/** Below what a request may have, with room for the frame. */
const maxBytes = 4 * 1024 * 1024
/** Between two tries to get items in for which there is no room yet; twice as long after each that got none in. */
const fullPauseMs = { least: 2_000, most: 30_000 }

interface Numbered {
  readonly line: number
  readonly item: BatchItem
}

/** Sends items in groups, each as a request that may be sent again. Items for which the tenant has no room yet are sent until it has. */
export async function sendItems(request: SendItemsRequest): Promise<SentItems> {
  const { close, onProgress } = request
  let total: SentItems = { sent: 0, accepted: 0, existing: 0, errors: [] }
  for await (const group of groupsOf(request.items)) {
    total = added(total, await sendGroup(request, group), group.length)
    onProgress?.(total)
  }
  if (close) await post(request, { items: [], close: true })
  return total
}

type Outcome = Pick<SentItems, "accepted" | "existing" | "errors">

async function sendGroup(request: SendItemsRequest, group: readonly Numbered[]): Promise<Outcome> {
  let outcome: Outcome = { accepted: 0, existing: 0, errors: [] }
  let left = group
  let pauseMs = fullPauseMs.least
  while (left.length > 0) {
    const { accepted, existing, errors } = await post(request, { items: left.map(({ item }) => item), close: false })
    const placed = errors.map((error) => ({ ...error, line: left[error.line - 1]?.line ?? error.line }))
    const again = new Set(placed.flatMap(({ retryable, line }) => (retryable ? [line] : [])))
    const final = placed.filter(({ retryable }) => !retryable)
    outcome = { accepted: outcome.accepted + accepted, existing: outcome.existing + existing, errors: [...outcome.errors, ...final] }
    left = left.filter(({ line }) => again.has(line))
    if (left.length === 0) break
    pauseMs = accepted > 0 ? fullPauseMs.least : pauseMs
    await request.sleep(pauseMs, request.signal)
    pauseMs = Math.min(fullPauseMs.most, pauseMs * 2)
  }
  return outcome
}

function post({ transport, path, signal }: SendItemsRequest, body: object): Promise<BatchSubmission> {
  return transport.json({ method: "POST", path, body, repeatable: "safely", signal })
}

function added(total: SentItems, { accepted, existing, errors }: Outcome, count: number): SentItems {
  return {
    sent: total.sent + count,
    accepted: total.accepted + accepted,
    existing: total.existing + existing,
    errors: [...total.errors, ...errors],
  }
}

async function* groupsOf(items: SendItemsRequest["items"]): AsyncGenerator<readonly Numbered[]> {
  let group: Numbered[] = []
  let bytes = 0
  let line = 0
  for await (const item of items) {
    line += 1
    const size = JSON.stringify(item).length * 2
    if (group.length >= maxItems || (group.length > 0 && bytes + size > maxBytes)) {
      yield group
      group = []
      bytes = 0
    }
    group.push({ line, item })
    bytes += size
  }
  if (group.length > 0) yield group
}
