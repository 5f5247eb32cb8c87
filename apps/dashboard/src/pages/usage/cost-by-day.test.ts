import { expect, test } from "vitest"
import { costByDay } from "./cost-by-day.ts"

const figures = { jobs: 1, degradedJobs: 0, cachedJobs: 0, calls: 1, unpricedCalls: 0 }
const tokens = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, images: 0 }
const row = (day: string, model: string | null, costUsd: number) => ({ group: { day, model }, ...figures, ...tokens, costUsd })

test("has every day, the dearest first, and all beyond the fourth as one", () => {
  const data = ["a", "b", "c", "d", "e", "f"].map((model, index) => row("2026-11-02", model, index + 1))
  const report = { from: "2026-11-01", to: "2026-11-03", data: [...data, row("2026-11-01", "f", 1), row("2026-11-03", null, 0)] }
  const { times, series } = costByDay(report, "model")
  expect(times).toEqual(["2026-11-01T00:00:00.000Z", "2026-11-02T00:00:00.000Z", "2026-11-03T00:00:00.000Z"])
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ["f", [1, 6, 0]],
    ["e", [0, 5, 0]],
    ["d", [0, 4, 0]],
    ["c", [0, 3, 0]],
    ["others", [0, 3, 0]],
  ])
})
