import { QueueUnavailableError } from "@sluice/core"
import { expect, test } from "vitest"
import { createUnqueuedWarning } from "./warn-of-unqueued.ts"

test("warns at once, then now and then with the number of jobs", () => {
  const warnings: unknown[] = []
  let ms = 0
  const warn = createUnqueuedWarning({ logger: { warn: (fields: unknown) => warnings.push(fields) }, everyMs: 1_000, now: () => ms })
  const error = new QueueUnavailableError({ message: "away" })
  for (const [at, jobId] of [
    [0, "a"],
    [10, "b"],
    [999, "c"],
    [1_000, "d"],
    [1_500, "e"],
  ] as const) {
    ms = at
    warn({ jobId, error })
  }
  expect(warnings).toMatchObject([
    { jobs: 1, jobId: "a" },
    { jobs: 3, jobId: "d" },
  ])
})
