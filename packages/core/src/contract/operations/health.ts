import { z } from "zod"
import { liveness, readiness } from "../health.ts"
import { type InferenceHealth, inferenceHealth } from "../inference-health.ts"
import { retryAfter } from "./headers.ts"
import { json, type Operation } from "./operation.ts"

const checks = { mongodb: { status: "ok", latencyMs: 2 }, redis: { status: "ok", latencyMs: 1 } }

const getLiveness: Operation = {
  id: "getLiveness",
  method: "get",
  path: "/health/live",
  tag: "health",
  summary: "Does the process answer?",
  description: "It says nothing of what the process depends on, since a restart would not mend that.",
  scope: null,
  answers: { 200: { description: "It does.", content: json(liveness, { ok: { status: "ok" } }) } },
}

const getReadiness: Operation = {
  id: "getReadiness",
  method: "get",
  path: "/health/ready",
  tag: "health",
  summary: "Can jobs be accepted?",
  description: "Why not is in the logs: whoever asks has no key.",
  scope: null,
  answers: {
    200: { description: "They can.", content: json(readiness, { ok: { status: "ok", checks } }) },
    503: {
      description: "Not at present.",
      headers: z.object({ "Retry-After": retryAfter("When to ask again.") }),
      content: json(readiness, { away: { status: "unavailable", checks: { ...checks, mongodb: { status: "failed", latencyMs: null } } } }),
    },
  },
}

const asked = { checkedAt: "2026-11-20T18:00:02.130Z", latencyMs: 610, error: null }
const inference: InferenceHealth = {
  status: "ok",
  routes: {
    chat: {
      status: "ok",
      tiers: [
        { name: "primary", status: "ok", endpoints: [{ name: "openai-eu", status: "ok", ...asked }] },
        { name: "static", status: "standby", endpoints: [] },
      ],
    },
  },
}
const outage: InferenceHealth = {
  status: "down",
  routes: {
    chat: {
      status: "down",
      tiers: [
        {
          name: "primary",
          status: "down",
          endpoints: [{ name: "openai-eu", status: "unavailable", ...asked, latencyMs: null, error: "breaker_open" }],
        },
      ],
    },
  },
}

const getInferenceHealth: Operation = {
  id: "getInferenceHealth",
  method: "get",
  path: "/health/inference",
  tag: "health",
  summary: "Do models answer?",
  description:
    "By the canaries of the routes, tier by tier and endpoint by endpoint: what a worker found when it last asked. Nothing is asked now, and nothing that providers said is shown.",
  scope: null,
  answers: {
    200: {
      description: "No route is known to be down.",
      content: json(inferenceHealth, { ok: inference }),
    },
    503: {
      description: "There is a route that no tier answers.",
      headers: z.object({ "Retry-After": retryAfter("When to ask again.") }),
      content: json(inferenceHealth, { down: outage }),
    },
  },
  problems: ["storage_unavailable"],
}

const scraped = `# HELP sluice_jobs_ended_total Runs that ended, by status; the tier that served those that succeeded, the error of the others.
# TYPE sluice_jobs_ended_total counter
sluice_jobs_ended_total{route="chat",status="succeeded",tier="primary",error_type="",service="api"} 81
`

const getMetrics: Operation = {
  id: "getMetrics",
  method: "get",
  path: "/metrics",
  tag: "health",
  summary: "What this process counts",
  description: "In the text format of Prometheus. Where `METRICS_PORT` is set, that port serves the same without a key.",
  scope: "operate:read",
  answers: { 200: { description: "The series.", content: { "text/plain": { schema: z.string(), examples: { scraped } } } } },
}

export const healthOperations = [getLiveness, getReadiness, getInferenceHealth, getMetrics]
