import { expect, test } from "vitest"
import { sampleAttempt } from "../testing/sample-ending.ts"
import { sampleJob } from "../testing/sample-job.ts"
import { sumFigures } from "./figures.ts"
import { accountableOf, usageOfJob } from "./usage-of-job.ts"
import { allCalls, mergeUsageRows } from "./usage-row.ts"

test("calls to an endpoint are of one row for each hour and minute, whatever the routes that asked it", () => {
  const startedAt = new Date("2026-01-01T00:00:01.000Z")
  const attempts = [sampleAttempt({ endpoint: "sim-a", startedAt, outcome: "succeeded" })]
  const jobs = ["chat", "summaries"].map((route) => accountableOf(sampleJob({ route, attempts, attemptCount: 1 })))
  const calls = [...mergeUsageRows(jobs.flatMap(usageOfJob)).values()].filter(({ tenantId }) => tenantId === allCalls)
  expect(calls.map(({ grain }) => grain).sort()).toEqual(["hour", "minute"])
  for (const row of calls) expect(row).toMatchObject({ endpoint: "sim-a", figures: { succeeded: 2 } })
})

test("figures are added by name, and those of none are none", () => {
  expect(sumFigures([])).toEqual({})
  expect(sumFigures([{ a: 1 }, { a: 2, b: 3 }, {}])).toEqual({ a: 3, b: 3 })
})
