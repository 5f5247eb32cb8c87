import type { BatchResource, BatchResult, ResultOrder } from "@sluice/core"
import { isWorthRetrying } from "../../transport/retry-policy.ts"
import type { Sleep } from "../../transport/sleep.ts"
import type { Transport } from "../../transport/transport.ts"

export interface ReadResultsRequest {
  readonly transport: Transport
  readonly sleep: Sleep
  readonly get: (signal: AbortSignal) => Promise<BatchResource>
  readonly path: string
  readonly follow?: boolean
  readonly order?: ResultOrder
  readonly cursor?: string
  readonly signal?: AbortSignal | undefined
}

const never = new AbortController().signal
/** Between two looks at a batch under way. */
const followPauseMs = 1_000
/** After a connection that broke, as often as it broke without a line in between. */
const brokenPauseMs = 500
const maxBroken = 8

/**
 * Reads results. Following reads what has come since, until the batch is complete; a last look from the beginning then brings
 * what ended in one order and came to light in another.
 */
export async function* readResults(request: ReadResultsRequest): AsyncGenerator<BatchResult> {
  const { follow = false, get, sleep, signal = never } = request
  if (!follow) return yield* readOnce({ ...request, order: request.order ?? "submitted" })
  const order = request.order ?? "completed"
  const seen = new Map<string, number>()
  let cursor = request.cursor
  for (;;) {
    const { completedAt } = await get(signal)
    const isLast = completedAt !== null
    for await (const result of readOnce({ ...request, order, ...(cursor !== undefined && !isLast && { cursor }) })) {
      cursor = result.cursor
      if ((seen.get(result.customId) ?? 0) >= result.job.run) continue
      seen.set(result.customId, result.job.run)
      yield result
    }
    if (isLast) return
    await sleep(followPauseMs, signal)
  }
}

/** One pass, which goes on behind its last line when the connection breaks. */
async function* readOnce(request: ReadResultsRequest & { readonly order: ResultOrder }): AsyncGenerator<BatchResult> {
  const { transport, path, order, sleep, signal = never } = request
  let { cursor } = request
  for (let broken = 0; ; ) {
    try {
      for await (const line of transport.lines({ method: "GET", path, query: { order, cursor }, signal })) {
        const result: BatchResult = JSON.parse(line)
        cursor = result.cursor
        broken = 0
        yield result
      }
      return
    } catch (error) {
      if (signal.aborted || broken >= maxBroken || !isWorthRetrying(error, "safely")) throw error
      broken += 1
      await sleep(brokenPauseMs * broken, signal)
    }
  }
}
