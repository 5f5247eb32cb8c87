import { noOrigin, StorageUnavailableError } from "@sluice/core"
import { sampleJob } from "@sluice/core/testing"
import type { SubmitJob, SubmitJobOutcome } from "@sluice/engine"
import { expect, test } from "vitest"
import { createApiMetrics } from "./api-metrics.ts"
import { measureSubmits } from "./measure-submits.ts"

const request = (route: string): Parameters<SubmitJob>[0] => ({
  tenantId: "default",
  body: { route, input: {} },
  idempotencyKey: null,
  ...noOrigin,
})

async function seriesAfter(outcomes: readonly { readonly route: string; readonly what: SubmitJobOutcome | Error }[]) {
  const { jobs, registry } = createApiMetrics()
  for (const { route, what } of outcomes) {
    const submit = measureSubmits(jobs, () => (what instanceof Error ? Promise.reject(what) : Promise.resolve(what)))
    await submit(request(route)).catch(() => undefined)
  }
  return (await registry.metrics()).split("\n").filter((line) => line.startsWith("sluice_jobs_submitted_total{"))
}

test("submissions are counted by route and by what became of them", async () => {
  const accepted = { route: "chat", what: { kind: "accepted", job: sampleJob() } } as const
  const away = { route: "chat", what: new StorageUnavailableError({ message: "away" }) }
  expect(await seriesAfter([accepted, accepted, away])).toEqual([
    'sluice_jobs_submitted_total{route="chat",outcome="accepted",service="api"} 2',
    'sluice_jobs_submitted_total{route="chat",outcome="storage_unavailable",service="api"} 1',
  ])
})

test("routes that callers make up share one series", async () => {
  const outcomes = Array.from({ length: 1_000 }, (_, index) => ({
    route: `r${index}`,
    what: { kind: "route_unknown", known: [] } as const,
  }))
  expect(await seriesAfter(outcomes)).toEqual(['sluice_jobs_submitted_total{route="unknown",outcome="route_unknown",service="api"} 1000'])
})
