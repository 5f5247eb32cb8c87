import { type Batch, endJob, type Job, openaiEventTypes, openaiMarks } from "@sluice/core"
import {
  createMemoryDeliveryStore,
  createMemoryJobStore,
  createMemoryWebhookEndpointStore,
  sampleBatch,
  sampleFailure,
  sampleJob,
  sampleSuccess,
  sampleWebhookEndpoint,
} from "@sluice/core/testing"
import { expect, test } from "vitest"
import { batchEvent } from "../batches/batch-event.ts"
import { createFanOut } from "./fan-out.ts"

const at = new Date("2026-01-01T00:00:05.000Z")
const openai = sampleWebhookEndpoint({ format: "openai", events: openaiEventTypes })
const sluice = sampleWebhookEndpoint({ events: ["job.succeeded", "batch.completed"] })

async function setUp(initial: readonly Job[] = []) {
  const deliveries = createMemoryDeliveryStore()
  const endpoints = createMemoryWebhookEndpointStore()
  await endpoints.insert(openai)
  await endpoints.insert(sluice)
  const store = createMemoryJobStore({ initial })
  const settings = { clock: () => at, firstWaitMs: () => 0, deadLetterRetentionMs: () => 86_400_000, onDeliveries: () => undefined }
  const fanOut = createFanOut({ store, deliveries, endpoints, ...settings })
  const told = async () => {
    const found = await deliveries.list({ tenantId: "default", target: openai.id, before: null, limit: 10 })
    return found.map(({ body, eventType }) => ({ eventType, body: JSON.parse(body) }))
  }
  return { fanOut, told }
}

const error = (type: "provider_internal" | "output_truncated") => {
  const failure = sampleFailure()
  return { ...failure, error: { ...failure.error, type } }
}

test.each([
  ["response.completed", sampleSuccess()],
  ["response.failed", error("provider_internal")],
  ["response.incomplete", error("output_truncated")],
])("%s is told of a response, thin, to those who ask for OpenAI's events", async (type, ending) => {
  const job = endJob(sampleJob({ metadata: { ...openaiMarks.response } }), ending)
  const { fanOut, told } = await setUp([job])
  await fanOut.ofOutbox([job])
  const [event] = job.events
  const data = { id: job.id.replace("job_", "resp_") }
  expect(await told()).toEqual([
    { eventType: type, body: { id: event?.id, object: "event", type, created_at: Math.floor((event?.at.getTime() ?? 0) / 1_000), data } },
  ])
})

test("nothing is told there of other jobs", async () => {
  const job = endJob(sampleJob(), sampleSuccess())
  const { fanOut, told } = await setUp([job])
  await fanOut.ofOutbox([job])
  expect(await told()).toEqual([])
})

const ended = (overrides: Partial<Batch>) => ({ ...sampleBatch({ isClosed: true, ...overrides }), completedAt: at })
const counts = { total: 2, queued: 0, running: 0, succeeded: 1, failed: 0, cancelled: 0, expired: 1 }

test.each([
  ["batch.completed", ended({ metadata: { ...openaiMarks.batch } })],
  ["batch.expired", ended({ metadata: { ...openaiMarks.batch }, counts })],
  ["batch.cancelled", ended({ metadata: { ...openaiMarks.batch }, cancelRequestedAt: at })],
  ["batch.failed", ended({ metadata: { ...openaiMarks.batch, ...openaiMarks.failedBatch } })],
])("%s is told of a batch that came so", async (type, batch) => {
  const { fanOut, told } = await setUp()
  await fanOut.raise(batchEvent(batch))
  expect(await told()).toMatchObject([{ eventType: type, body: { object: "event", type, data: { id: batch.id } } }])
})

test("of a batch of Sluice's own nothing is told in OpenAI's words, though the name of its event is the same", async () => {
  const { fanOut, told } = await setUp()
  await fanOut.raise(batchEvent(ended({})))
  expect(await told()).toEqual([])
})
