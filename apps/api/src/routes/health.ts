import type { ReadInferenceHealth } from "@sluice/engine"
import type { RequestHandler } from "express"
import { sendJson } from "../responses/send-json.ts"

export interface HealthCheck {
  readonly ok: boolean
  readonly latencyMs: number | null
}

export interface Readiness {
  /** Never rejects; answers within a time of its own. */
  check(): Promise<{ readonly ok: boolean; readonly checks: Readonly<Record<string, HealthCheck>> }>
}

/** `GET /health/live`: the process answers. It says nothing of what it depends on, since a restart would not mend that. */
export function liveHandler(): RequestHandler {
  return function handleLive(_request, response) {
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 200, body: { status: "ok" } })
  }
}

/** `GET /health/ready`: 200 while jobs can be accepted, else 503. Why not is in the logs: whoever asks has no key. */
export function readyHandler(readiness: Readiness): RequestHandler {
  return async function handleReady(_request, response) {
    const { ok, checks } = await readiness.check()
    const shown = Object.entries(checks).map(([name, { ok, latencyMs }]) => [name, { status: ok ? "ok" : "failed", latencyMs }])
    response.setHeader("Cache-Control", "no-store")
    if (!ok) response.setHeader("Retry-After", "1")
    sendJson(response, { status: ok ? 200 : 503, body: { status: ok ? "ok" : "unavailable", checks: Object.fromEntries(shown) } })
  }
}

/** `GET /health/inference`: 503 while there is a route that no tier answers, by what workers found last. */
export function inferenceHandler(readHealth: ReadInferenceHealth): RequestHandler {
  return async function handleInference(_request, response) {
    const health = await readHealth()
    response.setHeader("Cache-Control", "no-store")
    if (health.status === "down") response.setHeader("Retry-After", "10")
    sendJson(response, { status: health.status === "down" ? 503 : 200, body: health })
  }
}
