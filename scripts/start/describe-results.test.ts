import { expect, test } from "vitest"
import { presentJob } from "../../packages/core/src/index.ts"
import { createMemoryJobStore, sampleFailure, sampleJob, sampleSuccess } from "../../packages/core/src/testing/index.ts"
import { resultsTable, summarise } from "./describe-results.ts"

async function resourceAfter(ending: ReturnType<typeof sampleSuccess> | ReturnType<typeof sampleFailure>) {
  const job = sampleJob()
  const store = createMemoryJobStore({ initial: [job] })
  await store.claim({ id: job.id, run: 1, claim: { token: "t", workerId: "w", at: job.createdAt } })
  await store.finish({ id: job.id, run: 1, token: "t", ending })
  const stored = await store.find({ tenantId: job.tenantId, id: job.id })
  if (!stored) throw new Error("The job is gone")
  return presentJob(stored)
}

test("the summary counts what was lost, and the table tells who served", async () => {
  const good = { index: 0, job: await resourceAfter(sampleSuccess()) }
  const bad = { index: 1, job: await resourceAfter(sampleFailure()) }
  const unfinished = { index: 2, job: null }
  expect(summarise([good, good])).toEqual({ line: "2 jobs: 2 succeeded; 0 needed more than one attempt; lost 0", lost: 0 })
  expect(summarise([good, bad, unfinished])).toMatchObject({
    line: expect.stringMatching(/1 succeeded, 1 failed, 1 unfinished; .* lost 1$/),
    lost: 1,
  })
  const lines = resultsTable([good, bad, unfinished]).split("\n")
  expect(lines[2]).toMatch(/^job_\w+ +succeeded +primary +a +m-1 +1 +2000$/)
  expect(lines[3]).toMatch(/^job_\w+ +failed +- +- +- +0 +2000$/)
  expect(lines[4]).toMatch(/^#3 +unfinished$/)
})
