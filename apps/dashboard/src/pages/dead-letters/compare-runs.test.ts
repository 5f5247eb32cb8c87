import type { AttemptResource, RunResource } from "@sluice/core"
import { expect, test } from "vitest"
import { compareRuns } from "./compare-runs.ts"

const attempt: AttemptResource = {
  number: 1,
  run: 1,
  tier: "primary",
  endpoint: "openai-eu",
  provider: "openai",
  model: "gpt-4o-mini",
  region: null,
  startedAt: "2026-11-20T18:00:00.000Z",
  durationMs: 40,
  outcome: "failed",
  errorType: "overloaded",
  httpStatus: 503,
  providerRequestId: null,
  charged: true,
  delayMs: null,
  usage: null,
  costUsd: 0,
  isCostEstimated: false,
  images: 0,
  credential: "platform",
  batchCallId: null,
}
const failed: RunResource = {
  run: 1,
  status: "failed",
  route: "chat",
  startedAt: "2026-11-20T18:00:00.000Z",
  finishedAt: "2026-11-20T18:00:02.000Z",
  error: {
    type: "overloaded",
    message: "openai-eu: overloaded",
    retryable: true,
    endpoint: "openai-eu",
    httpStatus: 503,
    providerCode: null,
    providerRequestId: null,
  },
  served: null,
  replay: null,
}
const served = { tier: "primary", endpoint: "azure-us", provider: "azure-openai", model: "gpt-4o-mini", region: null } as const
const replay = { replayId: "rpl_1", by: "key_ada", at: "2026-11-20T18:10:00.000Z" }

test("what differs between a run that failed and the one that a replay began is told line by line", () => {
  const before = { run: failed, attempts: [attempt, attempt] }
  const after = {
    run: { ...failed, run: 2, status: "succeeded", error: null, served, replay } satisfies RunResource,
    attempts: [{ ...attempt, run: 2, endpoint: "azure-us", httpStatus: 200, costUsd: 0.5 }],
  }
  const lines = Object.fromEntries(compareRuns(before, after).map(({ label, ...line }) => [label, line]))
  expect(lines["Ended as"]).toEqual({ before: "failed", after: "succeeded", differs: true })
  expect(lines.Route).toEqual({ before: "chat", after: "chat", differs: false })
  expect(lines.Error).toEqual({ before: "overloaded", after: "–", differs: true })
  expect(lines["HTTP status"]).toEqual({ before: "503", after: "200", differs: true })
  expect(lines["Answered by"]).toEqual({ before: "–", after: "primary · azure-us", differs: true })
  expect(lines["Begun by"]).toEqual({ before: "its submission", after: "key_ada", differs: true })
  expect(lines.Calls).toEqual({ before: "2: openai-eu ×2", after: "1: azure-us", differs: true })
  expect(lines.Took).toEqual({ before: "2.0 s", after: "2.0 s", differs: false })
  expect(lines.Cost).toEqual({ before: "$0", after: "$0.50", differs: true })
})

test("a run whose calls are not known any more, or of unknown price, says so", () => {
  const unpriced = { run: failed, attempts: [{ ...attempt, costUsd: null }] }
  const lines = compareRuns({ run: failed, attempts: [] }, unpriced)
  expect(lines.find(({ label }) => label === "Calls")).toMatchObject({ before: "none", after: "1: openai-eu" })
  expect(lines.find(({ label }) => label === "Cost")).toMatchObject({ before: "$0", after: "unknown" })
})
