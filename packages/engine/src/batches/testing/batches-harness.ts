import { type Batch, type Job, noOrigin, QueueUnavailableError } from "@sluice/core"
import {
  createMemoryBatchJobs,
  createMemoryBatchStore,
  createMemoryJobQueue,
  createMemoryJobSignals,
  createMemoryJobStore,
  createMemoryLeaseStore,
  createMemoryTenantDirectory,
  sampleSuccess,
} from "@sluice/core/testing"
import { createCancelJob } from "../../cancel/cancel-job.ts"
import type { RaisedEvent } from "../../deliver/fan-out.ts"
import { catalogOf } from "../../testing/harness.ts"
import { type ChunkBounds, createAddItems } from "../add-items.ts"
import { createCancelBatch } from "../cancel-batch.ts"
import { createCreateBatch } from "../create-batch.ts"
import type { IncomingItem, RefusedItem } from "../prepare-item.ts"
import { createTendBatches } from "../tend-batches.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")

export const chatInput = (content: string) => ({ messages: [{ role: "user", content }] })
export const itemOf = (customId: string, job: object = { route: "chat", input: chatInput(customId) }) => ({ customId, job })
/** What the lines of a body give. */
export const lines = (values: readonly unknown[]): readonly IncomingItem[] =>
  values.map((value, index) => ({ line: index + 1, bytes: JSON.stringify(value).length, value }))

/** Batches and everything that acts on them, in memory, with a clock that stands still until it is moved. */
export function createBatchesHarness(
  options: { readonly chunk?: ChunkBounds; readonly maxItems?: number; readonly queueFails?: boolean; readonly places?: number } = {},
) {
  let now = t0
  const clock = () => now
  const jobs = createMemoryJobStore()
  const batches = createMemoryBatchStore()
  const batchJobs = createMemoryBatchJobs(jobs)
  const queue = createMemoryJobQueue()
  if (options.queueFails) queue.enqueue = () => Promise.reject(new QueueUnavailableError({ message: "away" }))
  const signals = createMemoryJobSignals()
  const leases = createMemoryLeaseStore({ clock })
  const catalog = catalogOf()
  const checkWebhookUrl = (url: string) => (url.startsWith("https:") ? null : "Webhooks go over https.")
  const unqueued: string[] = []
  const cancelJob = createCancelJob({ store: jobs, queue, signals, clock })
  const create = createCreateBatch({ batches, clock, checkWebhookUrl })
  const addItems = createAddItems({
    store: jobs,
    batches,
    batchJobs,
    queue,
    catalog: () => catalog,
    tenants: createMemoryTenantDirectory(),
    clock,
    checkWebhookUrl,
    takePlaces: ({ jobs: wanted }) => {
      const taken = Math.min(wanted, h.places)
      h.places -= taken
      return Promise.resolve({
        jobs: taken,
        settle(accepted) {
          h.places += taken - accepted
        },
      })
    },
    onEnqueueFailed: ({ jobId }) => unqueued.push(jobId),
    ...(options.chunk && { chunk: options.chunk }),
    ...(options.maxItems !== undefined && { maxItems: options.maxItems }),
  })
  const raised: RaisedEvent[] = []
  const troubles: unknown[] = []
  const raising = { fails: false }

  const h = {
    /** The tenant has so many left. */
    places: options.places ?? Number.POSITIVE_INFINITY,
    jobs,
    batches,
    batchJobs,
    queue,
    leases,
    clock,
    create,
    raised,
    raising,
    troubles,
    unqueued,
    cancel: createCancelBatch({ batches, batchJobs, cancelJob, clock }),
    advance(ms: number) {
      now = new Date(now.getTime() + ms)
    },
    async created(command: Partial<Parameters<typeof create>[0]> = {}): Promise<Batch> {
      const settings = { defaults: {}, webhook: null, metadata: {}, ...noOrigin }
      const outcome = await create({ tenantId: "default", idempotencyKey: null, ...settings, ...command })
      if (outcome.kind !== "created") throw new Error(`Not created: ${outcome.kind}`)
      return outcome.batch
    },
    async add(batch: Batch, values: readonly unknown[] | AsyncIterable<IncomingItem>, { close = true } = {}) {
      const refused: RefusedItem[] = []
      const items = Symbol.asyncIterator in values ? values : lines(values)
      const added = await addItems({ batch, items, close, ...noOrigin, onRefused: (item) => refused.push(item) })
      return { ...added, refused: refused.map(({ line, fault }) => [line, fault.kind]) }
    },
    async found(batch: Batch): Promise<Batch> {
      const found = await batches.find(batch)
      if (!found) throw new Error("The batch is gone")
      return found
    },
    ofBatch: (batch: Batch): readonly Job[] =>
      [...jobs.jobs.values()].filter(({ batchId }) => batchId === batch.id).sort((a, b) => (a.id < b.id ? -1 : 1)),
    async succeed(job: Pick<Job, "id" | "run">): Promise<void> {
      const { id, run } = job
      await jobs.claim({ id, run, claim: { token: id, workerId: "w", at: now } })
      await jobs.finish({ id, run, token: id, ending: sampleSuccess({ at: now, eventId: `evt_${id}_${run}` }) })
    },
    tenderAs: (holder: string) =>
      createTendBatches({
        batches,
        batchJobs,
        leases,
        cancelJob,
        raise(event) {
          if (raising.fails) return Promise.reject(new Error("no database"))
          raised.push(event)
          return Promise.resolve()
        },
        clock,
        holder,
        observer: { completed: () => undefined, abandoned: () => undefined, troubled: ({ error }) => troubles.push(error) },
      }),
  }
  return h
}
