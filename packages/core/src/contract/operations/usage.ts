import { type SloOfRoute, sloQuery, sloResource } from "../slo.ts"
import {
  type EndpointStatsResource,
  endpointStatsQuery,
  endpointStatsResource,
  type StatsFigures,
  statsQuery,
  statsResource,
  type UsageFiguresResource,
  usageQuery,
  usageResource,
} from "../usage.ts"
import { exampleTimes } from "./examples.ts"
import { json, type Operation } from "./operation.ts"

const figures: UsageFiguresResource = {
  jobs: 1_240,
  degradedJobs: 12,
  cachedJobs: 80,
  calls: 1_310,
  unpricedCalls: 0,
  inputTokens: 510_880,
  cachedInputTokens: 61_440,
  outputTokens: 119_040,
  images: 0,
  costUsd: 0.148_06,
}
const group = { day: "2026-11-20", route: "chat" }
const report = { object: "usage", from: "2026-11-20", to: "2026-11-20", groupBy: ["day", "route"], asOf: exampleTimes.finished }

const stats: StatsFigures = {
  succeeded: 118,
  failed: 1,
  cancelled: 0,
  expired: 0,
  jobsPerSecond: 1.98,
  successShare: 0.9916,
  degraded: 2,
  cached: 7,
  tiers: { primary: 116, fallback: 2 },
  latencyMs: { p50: 1_210, p95: 4_830, p99: 9_410 },
}

const csv =
  "day,route,jobs,degradedJobs,cachedJobs,calls,unpricedCalls,inputTokens,cachedInputTokens,outputTokens,images,costUsd\r\n2026-11-20,chat,1240,12,80,1310,0,510880,61440,119040,0,0.14806\r\n"

const getUsage: Operation = {
  id: "getUsage",
  method: "get",
  path: "/v1/usage",
  tag: "usage",
  summary: "What was used, and what it cost",
  description:
    "Jobs, calls, tokens, images and USD, by day, tenant, route, endpoint, provider, model, tier, outcome and credential. It is derived from the jobs within seconds, to the call, and stays when they have been removed. Keys of tenants see their own tenant, operators all.",
  scope: "usage:read",
  query: usageQuery,
  answers: {
    200: {
      description: "The sums, in the order of their groups.",
      content: {
        ...json(usageResource, { report: { ...report, data: [{ group, ...figures }], total: figures } }),
        "text/csv": { schema: null, examples: { report: csv } },
      },
    },
  },
}

const getStats: Operation = {
  id: "getStats",
  method: "get",
  path: "/v1/stats",
  tag: "usage",
  summary: "How jobs fared in the last minutes, hours or days",
  description: "Ends of jobs, the tiers that answered and latencies, step by step; for drawing. Steps without any are there too.",
  scope: "usage:read",
  query: statsQuery,
  answers: {
    200: {
      description: "The oldest step first; the last one is not over yet.",
      content: json(statsResource, {
        lastHour: {
          object: "stats",
          window: "1h",
          stepMs: 60_000,
          asOf: exampleTimes.finished,
          data: [{ at: "2026-11-20T18:00:00.000Z", ...stats }],
          total: stats,
        },
      }),
    },
  },
}

const endpointStats: EndpointStatsResource["data"][number] = {
  endpoint: "openai-eu",
  calls: 240,
  failed: 5,
  cancelled: 0,
  errors: { rate_limited: 3, timeout: 2 },
  latencyMs: { p50: 1_180, p95: 4_210, p99: 8_800 },
  successShare: 0.9792,
  steps: [{ at: "2026-11-20T18:00:00.000Z", calls: 240, failed: 5, p50: 1_180, p95: 4_210 }],
}

const getEndpointStats: Operation = {
  id: "getEndpointStats",
  method: "get",
  path: "/v1/stats/endpoints",
  tag: "usage",
  summary: "How calls to providers fared in the last minutes, hours or days",
  description:
    "By endpoint, of all tenants and routes: calls, classes of error and latencies, in all and step by step. It is derived from the jobs within seconds. What an endpoint is doing now is in `GET /v1/endpoints`.",
  scope: "operate:read",
  query: endpointStatsQuery,
  answers: {
    200: {
      description: "The endpoints by name.",
      content: json(endpointStatsResource, {
        lastHour: {
          object: "endpoint_stats",
          window: "1h",
          stepMs: 60_000,
          from: "2026-11-20T18:00:00.000Z",
          asOf: exampleTimes.finished,
          data: [endpointStats],
        },
      }),
    },
  },
}

const slo: SloOfRoute = {
  route: "chat",
  jobs: { succeeded: 2_910, failed: 6, cancelled: 2, expired: 0 },
  tiers: { primary: 2_880, fallback: 24, static: 6 },
  errors: { invalid_input: 4, provider_internal: 2 },
  latencyMs: { p50: 1_210, p95: 4_830, p99: 9_410 },
  tokens: 629_920,
  objectives: [
    {
      name: "availability",
      target: 0.99,
      limitMs: null,
      actual: 0.999_313,
      p99Ms: null,
      events: 2_912,
      bad: 2,
      met: true,
      budgetLeft: 0.931_319,
      burnRates: { "5m": 0, "30m": 0, "1h": 0, "6h": 0.021, "3d": 0.065 },
    },
  ],
}

const getSlo: Operation = {
  id: "getSlo",
  method: "get",
  path: "/v1/slo",
  tag: "usage",
  summary: "How the objectives are kept",
  description:
    "Of availability, quality, latency and the freshness of kept answers: target, what was reached, how much of the error budget is left and how fast it is used up. From the books, which follow within seconds.",
  scope: "usage:read",
  query: sloQuery,
  answers: {
    200: {
      description: "All routes together first, then each; with `route`, that one alone.",
      content: json(sloResource, {
        lastDay: { object: "slo", window: "1d", from: "2026-11-19T18:00:00.000Z", asOf: exampleTimes.finished, data: [slo] },
      }),
    },
  },
}

export const usageOperations = [getUsage, getStats, getEndpointStats, getSlo]
