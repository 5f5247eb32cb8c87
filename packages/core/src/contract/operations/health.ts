import { z } from "zod"
import { liveness, readiness } from "../health.ts"
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

export const healthOperations = [getLiveness, getReadiness]
