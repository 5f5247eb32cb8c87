import { type DeadLetter, endJob, type UntoldDeadLetter } from "@sluice/core"
import {
  createMemoryDeliveryStore,
  createMemoryJobStore,
  createMemoryLeaseStore,
  createMemoryWebhookEndpointStore,
  sampleDelivery,
  sampleJob,
  sampleSuccess,
  sampleWebhookEndpoint,
} from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createFanOut } from "./fan-out.ts"
import { createWebhookUpkeep } from "./upkeep.ts"

const t0 = new Date("2026-01-01T00:00:02.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)

function setUp(initial: Parameters<typeof createMemoryJobStore>[0] = {}) {
  let now = t0
  const clock = () => now
  const store = createMemoryJobStore(initial)
  const deliveries = createMemoryDeliveryStore()
  const endpoints = createMemoryWebhookEndpointStore()
  const leases = createMemoryLeaseStore({ clock })
  const onDeliveries = () => undefined
  const fanOut = createFanOut({
    store,
    deliveries,
    endpoints,
    clock,
    firstWaitMs: () => 0,
    deadLetterRetentionMs: () => 86_400_000,
    onDeliveries,
  })
  const untold: UntoldDeadLetter[] = []
  const deadDeliveries = {
    findUntold: ({ limit }: { readonly limit: number }) => Promise.resolve(untold.slice(0, limit)),
    markTold: (letters: readonly UntoldDeadLetter[]) => Promise.resolve(void untold.splice(0, letters.length)),
  }
  const upkeepAs = (holder: string) =>
    createWebhookUpkeep({ store, deliveries, deadDeliveries, endpoints, leases, fanOut, clock, holder, onDeliveries })
  return { untold, deliveries, endpoints, upkeepAs, advanceTo: (time: Date) => (now = time) }
}

const letterOf = (deliveryId: string): DeadLetter => ({
  ...{ id: `dl_${deliveryId}`, kind: "delivery", state: "open", tenantId: "default", jobId: "job_1", deliveryId, run: 1 },
  ...{ route: "chat", job: null, endpoint: "whe_1", error: { type: "delivery_failed", message: "It answered 500.", httpStatus: 500 } },
  ...{ attemptCount: 8, createdAt: t0, replays: [], discarded: null },
})

describe("createWebhookUpkeep", () => {
  test("fans out what its process did not, after a grace, once", async () => {
    const webhook = { url: "https://own.example/", events: ["job.succeeded"], secret: null } as const
    const jobs = Array.from({ length: 450 }, (_, index) =>
      endJob(sampleJob({ webhook }), sampleSuccess({ at: t0, eventId: `evt_${index}` })),
    )
    const { upkeepAs, deliveries, advanceTo } = setUp({ initial: jobs })
    const upkeep = upkeepAs("a")
    advanceTo(later(2_000))
    expect(await upkeep()).toEqual({ led: true, fannedOut: 0, toldDead: 0, recovered: 0 })
    advanceTo(later(2_001))
    expect(await upkeep()).toEqual({ led: true, fannedOut: 450, toldDead: 0, recovered: 0 })
    expect(await upkeep()).toEqual({ led: true, fannedOut: 0, toldDead: 0, recovered: 0 })
    expect(await deliveries.findDue({ at: later(9_000), limit: 1_000, exceptLanes: [] })).toHaveLength(450)
  })

  test("tells endpoints of deliveries that were given up, once, and of none that was to tell of a dead letter", async () => {
    const { untold, upkeepAs, deliveries, endpoints } = setUp()
    const listening = sampleWebhookEndpoint({ events: ["dead_letter.created"] })
    for (const endpoint of [listening, sampleWebhookEndpoint(), sampleWebhookEndpoint({ ...listening, id: "whe_other", tenantId: "b" })])
      await endpoints.insert(endpoint)
    const given = (id: string, eventType: string, at: Date) => ({ letter: letterOf(id), eventType, at })
    untold.push(...Array.from({ length: 250 }, (_, index) => given(`evt_${index}:whe_1`, "job.succeeded", later(index))))
    // Given up once more, after it was told.
    untold.push(given("evt_0:whe_1", "job.succeeded", later(9_000)), given("evt_x:whe_1", "dead_letter.created", t0))
    const again = [...untold]
    expect(await upkeepAs("a")()).toMatchObject({ toldDead: 252 })
    untold.push(...again)
    expect(await upkeepAs("a")()).toMatchObject({ toldDead: 252 })
    const made = await deliveries.list({ tenantId: "default", target: listening.id, before: null, limit: 1_000 })
    expect(made).toHaveLength(251)
    const bodies = made.map(({ body }) => JSON.parse(body))
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(251)
    expect(bodies.at(-1)).toMatchObject({
      type: "dead_letter.created",
      data: { id: "dl_evt_0:whe_1", kind: "delivery", state: "open", deliveryId: "evt_0:whe_1", error: { type: "delivery_failed" } },
    })
    expect(await deliveries.list({ tenantId: "b", target: "whe_other", before: null, limit: 1 })).toEqual([])
  })

  test("recovers what was given up in the time, and finishes", async () => {
    const { upkeepAs, deliveries, endpoints } = setUp()
    const failed = { status: "failed", failedAt: t0, nextAttemptAt: null } as const
    const made = Array.from({ length: 250 }, (_, index) => sampleDelivery({ ...failed, createdAt: later(index) }))
    await deliveries.insert(made)
    const recovery = { tenantId: "default", endpointId: "whe_1", since: later(50), finishedAt: null }
    await endpoints.insertRecovery({ ...recovery, id: "rec_1", createdAt: later(1_000) })
    expect(await upkeepAs("a")()).toMatchObject({ recovered: 200 })
    expect(await deliveries.countRecovered({ recoveryId: "rec_1" })).toBe(200)
    expect(await endpoints.findRecovery({ tenantId: "default", id: "whe_1", recoveryId: "rec_1" })).toMatchObject({ finishedAt: t0 })
    expect(await upkeepAs("a")()).toMatchObject({ recovered: 0 })
  })

  test("is done by one process at a time", async () => {
    const { upkeepAs, advanceTo } = setUp()
    expect(await upkeepAs("a")()).toMatchObject({ led: true })
    expect(await upkeepAs("b")()).toMatchObject({ led: false })
    advanceTo(later(15_000))
    expect(await upkeepAs("b")()).toMatchObject({ led: true })
  })
})
