import { setTimeout } from "node:timers/promises"
import { createClient } from "../../packages/client/src/index.ts"
import type { BatchItem, BatchResource, JobResource } from "../../packages/core/src/index.ts"

export interface DemoBatchOptions {
  readonly apiUrl: string
  readonly apiKey: string
  readonly count: number
  readonly onProgress: (progress: { readonly accepted: number; readonly ended: number }) => void
  readonly signal: AbortSignal
}

export interface DemoResult {
  readonly index: number
  /** Null: it has not come to its end in time. */
  readonly job: JobResource | null
}

const longestWaitMs = 120_000
const pollMs = 200

/** Submits a batch of jobs over REST, waits for its end, and tells what became of each job. */
export async function runDemoBatch(options: DemoBatchOptions): Promise<readonly DemoResult[]> {
  const { apiUrl, apiKey, count, onProgress, signal } = options
  const { batches } = createClient({ baseUrl: apiUrl, apiKey })
  const items = Array.from({ length: count }, (_, index) => itemOf(index))
  const { batch, errors } = await batches.create(items, { defaults: { route: "chat" }, signal })
  if (errors[0]) throw new Error(`${errors.length} jobs were not taken, the first of them because: ${errors[0].detail}`)

  // Whether all jobs have ended is asked of their counts: that a batch is complete is noted some seconds later.
  const giveUpAt = performance.now() + longestWaitMs
  let counts = batch.counts
  for (; endedOf(counts) < count && performance.now() < giveUpAt; { counts } = await batches.get(batch.id, { signal })) {
    onProgress({ accepted: counts.total, ended: endedOf(counts) })
    await setTimeout(pollMs, undefined, { signal })
  }
  onProgress({ accepted: counts.total, ended: endedOf(counts) })

  const jobs = new Map<string, JobResource>()
  for await (const { customId, job } of batches.results(batch.id, { signal })) jobs.set(customId, job)
  return items.map(({ customId }, index) => ({ index, job: jobs.get(customId) ?? null }))
}

function itemOf(index: number): BatchItem {
  const ticket = String(index + 1)
  const content = `Summarise ticket ${ticket}: the customer's parcel arrived late, and they ask for a refund of the postage.`
  return { customId: `ticket-${ticket}`, job: { input: { messages: [{ role: "user", content }] }, metadata: { ticket } } }
}

function endedOf({ total, queued, running }: BatchResource["counts"]): number {
  return total - queued - running
}
