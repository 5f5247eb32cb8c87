import { endJob } from "@sluice/core"
import {
  createMemoryDeliveryStore,
  createMemoryJobStore,
  createMemoryLeaseStore,
  createMemoryWebhookEndpointStore,
  sampleDelivery,
  sampleJob,
  sampleSuccess,
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
  const upkeepAs = (holder: string) => createWebhookUpkeep({ store, deliveries, endpoints, leases, fanOut, clock, holder, onDeliveries })
  return { deliveries, endpoints, upkeepAs, advanceTo: (time: Date) => (now = time) }
}

describe("createWebhookUpkeep", () => {
  test("fans out what its process did not, after a grace, once", async () => {
    const webhook = { url: "https://own.example/", events: ["job.succeeded"], secret: null } as const
    const jobs = Array.from({ length: 450 }, (_, index) =>
      endJob(sampleJob({ webhook }), sampleSuccess({ at: t0, eventId: `evt_${index}` })),
    )
    const { upkeepAs, deliveries, advanceTo } = setUp({ initial: jobs })
    const upkeep = upkeepAs("a")
    advanceTo(later(2_000))
    expect(await upkeep()).toEqual({ led: true, fannedOut: 0, recovered: 0 })
    advanceTo(later(2_001))
    expect(await upkeep()).toEqual({ led: true, fannedOut: 450, recovered: 0 })
    expect(await upkeep()).toEqual({ led: true, fannedOut: 0, recovered: 0 })
    expect(await deliveries.findDue({ at: later(9_000), limit: 1_000, exceptLanes: [] })).toHaveLength(450)
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
