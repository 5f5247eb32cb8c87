import type { InferenceHealth, QueueState } from "@sluice/core"
import { expect, test } from "vitest"
import { createMetricsRegistry } from "./create-metrics-registry.ts"
import { createSharedGauges } from "./shared-gauges.ts"

const queue: QueueState = {
  route: "chat",
  waiting: 1,
  prioritized: 2,
  delayed: 3,
  active: 4,
  paused: true,
  oldestWaitingSince: new Date(1_000),
}

const found = { checkedAt: "2026-01-01T00:00:00.000Z", error: null }
const health: InferenceHealth = {
  status: "degraded",
  routes: {
    chat: {
      status: "degraded",
      tiers: [
        { name: "primary", status: "down", endpoints: [{ ...found, name: "eu", status: "failed", latencyMs: 1_500, error: "timeout" }] },
        { name: "fallback", status: "degraded", endpoints: [{ ...found, name: "us", status: "slow", latencyMs: 9_000 }] },
        { name: "static", status: "standby", endpoints: [] },
      ],
    },
    images: {
      status: "unknown",
      tiers: [
        {
          name: "primary",
          status: "unknown",
          endpoints: [{ name: "eu", status: "unknown", checkedAt: null, latencyMs: null, error: null }],
        },
      ],
    },
  },
}

test("tell what canaries found, and nothing of those that were not asked of late", async () => {
  const { registry } = setUp()
  const lines = (await registry.metrics()).split("\n").filter((line) => /^sluice_(?:canary|route_health).* [^0]\S*$/.test(line))
  expect(lines).toEqual([
    'sluice_route_health{route="chat",status="degraded",service="api"} 1',
    'sluice_route_health{route="images",status="unknown",service="api"} 1',
    'sluice_canary_up{route="chat",tier="fallback",endpoint="us",service="api"} 1',
    'sluice_canary_latency_seconds{route="chat",tier="primary",endpoint="eu",service="api"} 1.5',
    'sluice_canary_latency_seconds{route="chat",tier="fallback",endpoint="us",service="api"} 9',
  ])
})

function setUp() {
  const registry = createMetricsRegistry({ service: "api" })
  const seen: { states: QueueState[] | null; looks: number; nowMs: number; errors: unknown[] } = {
    states: [queue],
    looks: 0,
    nowMs: 6_000,
    errors: [],
  }
  createSharedGauges({
    registry,
    queues: () => {
      seen.looks += 1
      return seen.states ? Promise.resolve(seen.states) : Promise.reject(new Error("Redis is away"))
    },
    endpoints: () => Promise.resolve([]),
    health: () => Promise.resolve(health),
    onError: (error) => seen.errors.push(error),
    nowMs: () => seen.nowMs,
  })
  const queues = async () => (await registry.metrics()).split("\n").filter((line) => line.startsWith("sluice_queue"))
  return { seen, queues, registry }
}

const values = [
  'sluice_queue_jobs{route="chat",state="waiting",service="api"} 3',
  'sluice_queue_jobs{route="chat",state="delayed",service="api"} 3',
  'sluice_queue_jobs{route="chat",state="active",service="api"} 4',
  'sluice_queue_oldest_age_seconds{route="chat",service="api"} 5',
  'sluice_queue_paused{route="chat",service="api"} 1',
]

test("all gauges of a scrape tell what one look has seen", async () => {
  const { seen, queues } = setUp()
  expect(await queues()).toEqual(values)
  expect(seen.looks).toBe(1)
})

test("without Redis the last values stay, and the next look is a new one", async () => {
  const { seen, queues } = setUp()
  await queues()
  seen.states = null
  seen.nowMs += 1_000
  expect(await queues()).toEqual(values)
  expect(seen.errors).toHaveLength(1)
})

test("series of routes that are gone go", async () => {
  const { seen, queues } = setUp()
  await queues()
  seen.states = []
  seen.nowMs += 1_000
  expect(await queues()).toEqual([])
})
