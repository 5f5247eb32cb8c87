import { endJob, type Job, type JobWebhook, webhookEvent } from "@sluice/core"
import {
  createMemoryDeliveryStore,
  createMemoryJobStore,
  createMemoryWebhookEndpointStore,
  sampleBatch,
  sampleFailure,
  sampleJob,
  sampleResult,
  sampleSuccess,
  sampleWebhookEndpoint,
} from "@sluice/core/testing"
import { describe, expect, test, vi } from "vitest"
import { batchEvent, batchEventId } from "../batches/batch-event.ts"
import { createEventAnnouncer } from "./event-announcer.ts"
import { createFanOut } from "./fan-out.ts"

const t0 = new Date("2026-01-01T00:00:05.000Z")
const origin = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", requestId: "req_1" }
const webhook: JobWebhook = { url: "https://own.example/hooks", events: ["job.succeeded"], secret: null }

async function setUp(initial: readonly Job[]) {
  const store = createMemoryJobStore({ initial })
  const deliveries = createMemoryDeliveryStore()
  const endpoints = createMemoryWebhookEndpointStore()
  const onDeliveries = vi.fn()
  const fanOut = createFanOut({
    store,
    deliveries,
    endpoints,
    clock: () => t0,
    firstWaitMs: () => 0,
    deadLetterRetentionMs: () => 86_400_000,
    onDeliveries,
  })
  const ofJob = (job: Job) => deliveries.ofJob({ tenantId: job.tenantId, jobId: job.id })
  const find = async (job: Job) => (await store.find({ tenantId: job.tenantId, id: job.id })) ?? job
  return { store, deliveries, endpoints, fanOut, onDeliveries, ofJob, find }
}

const ended = (overrides: Parameters<typeof sampleJob>[0] = {}) => endJob(sampleJob(overrides), sampleSuccess())

describe("createFanOut", () => {
  test("makes one delivery for each target of the tenant that takes the event, and marks it", async () => {
    const job = ended({ webhook })
    const { endpoints, fanOut, ofJob, find, onDeliveries } = await setUp([job])
    const listening = sampleWebhookEndpoint()
    await endpoints.insert(listening)
    await endpoints.insert(sampleWebhookEndpoint({ events: ["job.failed"] }))
    await endpoints.insert(sampleWebhookEndpoint({ tenantId: "another" }))
    await endpoints.insert(sampleWebhookEndpoint({ disabled: { reason: "manual", at: t0 } }))
    expect(await fanOut.ofOutbox([job])).toBe(1)
    const made = await ofJob(job)
    expect(made.map(({ target }) => target).toSorted()).toEqual(["job", listening.id].toSorted())
    expect(made[0]).toMatchObject({ eventId: "evt_success", status: "pending", nextAttemptAt: t0, route: "chat" })
    expect((await find(job)).events).toMatchObject([{ fannedOut: true }])
    expect(onDeliveries).toHaveBeenCalledOnce()
  })

  test("deliveries go back to the request of the job or batch that they tell of", async () => {
    const job = ended({ webhook, ...origin })
    const { fanOut, ofJob, deliveries } = await setUp([job])
    await fanOut.ofOutbox([job])
    expect(await ofJob(job)).toMatchObject([origin])
    const batch = sampleBatch({ webhook: { url: "https://own.example/hooks", secret: null }, isClosed: true, ...origin })
    const ofBatch = { ...batch, completedAt: t0 }
    await fanOut.raise(batchEvent(ofBatch))
    const id = `${batchEventId(ofBatch)}:batch`
    expect(await deliveries.find({ tenantId: batch.tenantId, id })).toMatchObject({ eventType: "batch.completed", ...origin })
  })

  test("keeps the events of an endpoint that was disabled because it failed, for a recovery", async () => {
    const job = ended()
    const { endpoints, deliveries, fanOut, ofJob } = await setUp([job])
    const failing = sampleWebhookEndpoint({ disabled: { reason: "failing", at: t0 } })
    await endpoints.insert(failing)
    await fanOut.ofOutbox([job])
    expect(await ofJob(job)).toMatchObject([{ target: failing.id, status: "failed", failedAt: t0, nextAttemptAt: null, tries: [] }])
    const range = { recoveryId: "rec_1", tenantId: job.tenantId, target: failing.id, since: t0, until: new Date(t0.getTime() + 1) }
    expect(await deliveries.recover({ ...range, at: t0, limit: 10 })).toBe(1)
    expect(await ofJob(job)).toMatchObject([{ status: "pending", nextAttemptAt: t0 }])
  })

  test("tells of a dead letter whoever asked for it, once, and of no job that succeeded", async () => {
    const failed = endJob(sampleJob(), sampleFailure())
    const { endpoints, fanOut, ofJob } = await setUp([failed, ended()])
    await endpoints.insert(sampleWebhookEndpoint({ events: ["dead_letter.created"] }))
    await fanOut.ofOutbox([failed, ended()])
    await fanOut.ofOutbox([failed])
    const [told, ...others] = await ofJob(failed)
    expect(others).toEqual([])
    expect(JSON.parse(told?.body ?? "")).toMatchObject({
      id: told?.eventId,
      type: "dead_letter.created",
      data: { object: "dead_letter", state: "open", jobId: failed.id, route: "chat", error: { type: "invalid_input" } },
    })
  })

  test("done again, or by two at once, it makes no second delivery and touches none", async () => {
    const job = ended({ webhook })
    const { fanOut, ofJob, deliveries } = await setUp([job])
    await Promise.all([fanOut.ofOutbox([job]), fanOut.ofOutbox([job])])
    const [made] = await ofJob(job)
    if (!made) throw new Error("There is no delivery")
    await deliveries.lease({ ids: [made.id], at: t0, until: t0, token: "t" })
    await fanOut.ofOutbox([job])
    expect(await ofJob(job)).toMatchObject([{ leaseToken: "t" }])
  })

  test("the body is the job without its input, under the event's id", async () => {
    const job = ended({ webhook })
    const { fanOut, ofJob } = await setUp([job])
    await fanOut.ofOutbox([job])
    const [made] = await ofJob(job)
    const event = webhookEvent.parse(JSON.parse(made?.body ?? ""))
    expect(event).toMatchObject({ id: "evt_success", type: "job.succeeded", timestamp: "2026-01-01T00:00:02.000Z", apiVersion: "1" })
    expect(event.data).toMatchObject({ id: job.id, object: "job", status: "succeeded", run: 1, output: { text: "ok" } })
    expect(event.data).not.toHaveProperty("input")
  })

  test("an output that makes the body larger than 20 kB is linked instead", async () => {
    const bodyWith = async (text: string) => {
      const job = endJob(sampleJob({ webhook }), sampleSuccess({ result: sampleResult(text) }))
      const { fanOut, ofJob } = await setUp([job])
      await fanOut.ofOutbox([job])
      const body = (await ofJob(job))[0]?.body ?? ""
      return { bytes: Buffer.byteLength(body), data: JSON.parse(body).data, job }
    }
    const rest = (await bodyWith("")).bytes
    const fitting = await bodyWith("é".repeat((20_000 - rest) / 2))
    expect(fitting.data).toMatchObject({ outputUrl: null, output: { finishReason: "stop" } })
    const large = await bodyWith("é".repeat((20_000 - rest) / 2 + 1))
    expect(large.data).toMatchObject({ output: null, outputUrl: `/v1/jobs/${large.job.id}/output` })
  })

  test("an event that is raised twice is one event", async () => {
    const { endpoints, fanOut, deliveries } = await setUp([])
    const opted = sampleWebhookEndpoint({ events: ["endpoint.*"] })
    const other = sampleWebhookEndpoint({ tenantId: "another", events: ["endpoint.*"] })
    for (const endpoint of [opted, other, sampleWebhookEndpoint()]) await endpoints.insert(endpoint)
    const event = { tenantId: null, type: "endpoint.breaker_opened", at: t0, about: ["openai-eu", "7"], data: { endpoint: "openai-eu" } }
    await fanOut.raise(event)
    await fanOut.raise(event)
    await fanOut.raise({ ...event, about: ["openai-eu", "8"] })
    for (const { tenantId, id } of [opted, other]) {
      expect(await deliveries.list({ tenantId, target: id, before: null, limit: 9 })).toHaveLength(2)
    }
  })
})

describe("createEventAnnouncer", () => {
  const announcerFor = ({ fanOut, endpoints }: Awaited<ReturnType<typeof setUp>>) => {
    const onError = vi.fn()
    return { onError, announcer: createEventAnnouncer({ fanOut, endpoints, onError, lingerMs: 0 }) }
  }

  test("fans out what has ended", async () => {
    const job = ended({ webhook })
    const all = await setUp([job])
    const { announcer } = announcerFor(all)
    announcer.jobEnded(job)
    await announcer.close()
    expect(await all.ofJob(job)).toHaveLength(1)
  })

  test("tells of a start once for a run, and only who asked", async () => {
    const asked = sampleJob({ startedAt: t0, webhook: { ...webhook, events: ["job.started"] } })
    const unasked = sampleJob({ startedAt: t0, webhook })
    const all = await setUp([asked, unasked])
    const { announcer } = announcerFor(all)
    for (const job of [asked, asked, unasked]) announcer.jobStarted(job)
    await announcer.close()
    announcer.jobStarted(asked)
    await announcer.close()
    expect(await all.ofJob(asked)).toMatchObject([{ eventType: "job.started" }])
    expect(await all.ofJob(unasked)).toEqual([])
  })

  test("an endpoint that asks for starts hears of them", async () => {
    const job = sampleJob({ startedAt: t0 })
    const all = await setUp([job])
    await all.endpoints.insert(sampleWebhookEndpoint({ events: ["job.started"] }))
    const { announcer } = announcerFor(all)
    announcer.jobStarted(job)
    await announcer.close()
    expect(await all.ofJob(job)).toHaveLength(1)
  })

  test("what fails is told and thrown at nobody; the event stays in the outbox", async () => {
    const job = ended({ webhook })
    const all = await setUp([job])
    all.deliveries.insert = () => Promise.reject(new Error("away"))
    const { announcer, onError } = announcerFor(all)
    announcer.jobEnded(job)
    await announcer.close()
    expect(onError).toHaveBeenCalledOnce()
    expect((await all.find(job)).events).toMatchObject([{ fannedOut: false }])
  })
})
