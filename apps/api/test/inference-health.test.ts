import { type CanaryOutcome, configuration, inferenceHealth } from "@sluice/core"
import { createMemoryCanaryStore } from "@sluice/core/testing"
import { createInferenceHealth } from "@sluice/engine"
import { expect, test } from "vitest"
import { startMemoryApi } from "./support/memory-api.ts"

const now = new Date("2026-01-01T00:00:00.000Z")

async function answerWhen(outcome: CanaryOutcome | null) {
  const canaries = createMemoryCanaryStore()
  const of = { route: "chat", tier: "primary", endpoint: "a" } as const
  if (outcome) await canaries.record({ ...of, outcome, checkedAt: now, since: now, latencyMs: 80, error: null, usage: null })
  const canary = { messages: [{ role: "user", content: "Say ok" }], everyMs: 60_000 }
  const { routes } = configuration.parse({
    endpoints: { a: { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m" } },
    routes: { chat: { canary, tiers: [{ name: "primary", endpoints: ["a"] }] } },
  })
  const health = createInferenceHealth({ canaries, routes: () => routes, clock: () => now })
  const api = await startMemoryApi({ app: { inferenceHealth: health } })
  const answer = await api.call({ path: "/health/inference", headers: { authorization: "" } })
  return { ...answer, health: inferenceHealth.parse(answer.json) }
}

test.each([
  [null, 200, "unknown"],
  ["ok", 200, "ok"],
  ["slow", 200, "degraded"],
  ["unexpected", 503, "down"],
  ["unavailable", 503, "down"],
] as const)("without a key: a canary that found %s is answered with %i and %s", async (outcome, status, expected) => {
  const answer = await answerWhen(outcome)
  expect([answer.status, answer.health.status]).toEqual([status, expected])
  expect(answer.headers["retry-after"]).toBe(status === 503 ? "10" : undefined)
})
