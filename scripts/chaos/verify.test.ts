import { describe, expect, test } from "vitest"
import type { JobResource } from "../../packages/core/src/index.ts"
import type { Receipt } from "./evidence.ts"
import {
  sampleAttempt,
  sampleCall,
  sampleEvidence,
  sampleId,
  sampleJob,
  sampleReceipt,
  sampleStartMs,
  sampleSubmission,
} from "./sample-evidence.ts"
import { isClean, verify } from "./verify.ts"

const about = (index: number, what: RegExp) => [{ jobId: sampleId(index), what: expect.stringMatching(what) }]
const cancelled: Partial<JobResource> = { status: "cancelled", cancelRequestedAt: "2026-11-20T18:00:00.500Z", output: null }

describe("the verdict on a run", () => {
  test("is clean when each submission has one job with its own answer", () => {
    const verdict = verify(sampleEvidence())
    expect(verdict).toEqual({ lost: [], duplicated: [], ranAfterCancel: [], untold: [], wrong: [], miscounted: [] })
    expect(isClean(verdict)).toBe(true)
  })

  test("finds a job that is gone, and one without an end", () => {
    const gone = verify(sampleEvidence({ jobs: [sampleJob(2)] }))
    expect(gone.lost).toEqual(about(1, /does not list it/))
    const open = verify(sampleEvidence({ jobs: [sampleJob(1, { status: "running", finishedAt: null }), sampleJob(2)] }))
    expect(open.lost).toEqual(about(1, /still running after 1 attempts/))
    expect(isClean(open)).toBe(false)
  })

  test("finds a second job of a submission, listed or told", () => {
    const listed = verify(sampleEvidence({ jobs: [sampleJob(1), sampleJob(2), sampleJob(3, { metadata: { chaos: "2" } })] }))
    expect(listed.duplicated).toEqual(about(3, /second job for submission 2/))
    const told = verify(sampleEvidence({ submissions: [sampleSubmission(1, { otherIds: [sampleId(9)] }), sampleSubmission(2)] }))
    expect(told.duplicated).toEqual(about(1, /answered with job_0+9/))
  })

  test("finds an end that changed after a caller was told, or after it was listed", () => {
    const other = sampleJob(1, { finishedAt: "2026-11-20T18:00:09.000Z" })
    const told = verify(sampleEvidence({ submissions: [sampleSubmission(1, { told: other }), sampleSubmission(2)] }))
    expect(told.duplicated).toEqual(about(1, /had ended succeeded at .*:09.000Z, and then succeeded at .*:01.000Z/))
    const listed = verify(sampleEvidence({ jobsLater: [other, sampleJob(2)] }))
    expect(listed.duplicated).toEqual(about(1, /had ended succeeded at .*:01.000Z, and then succeeded at .*:09.000Z/))
  })

  test("finds a job with two attempts that succeeded", () => {
    const attempts = [sampleAttempt(1, "succeeded"), sampleAttempt(2, "succeeded")]
    expect(verify(sampleEvidence({ ledgers: [sampleJob(1, { attempts })] })).duplicated).toEqual(about(1, /2 attempts that succeeded/))
  })

  test("finds a call well after the cancellation was confirmed, and lets pass one that was just about to begin", () => {
    const submissions = [sampleSubmission(1, { cancelConfirmedAtMs: sampleStartMs + 500 }), sampleSubmission(2)]
    const jobs = [sampleJob(1, cancelled), sampleJob(2)]
    const ran = (atMs: number) => verify(sampleEvidence({ submissions, jobs, calls: [sampleCall(1, { attempt: 1, atMs })] }))
    expect(ran(2_400).ranAfterCancel).toEqual([])
    expect(ran(2_501).ranAfterCancel).toEqual(about(1, /2001 ms after/))
    expect(isClean(ran(2_501))).toBe(false)
    const calls = [sampleCall(1, { attempt: 1, atMs: 2_501 }), sampleCall(2, { attempt: 1, atMs: 200 })]
    expect(isClean(verify(sampleEvidence({ submissions, jobs, calls, heldUpMs: 1 })))).toBe(true)
  })

  test("finds an answer for which no provider was called, and counters that say otherwise than the jobs", () => {
    const calls = [sampleCall(1, { attempt: 1, atMs: 200, isPaid: false }), sampleCall(2, { attempt: 1, atMs: 200 })]
    expect(verify(sampleEvidence({ calls })).wrong).toEqual(about(1, /no provider has answered/))
    const counters = { inQueues: 1, inFlight: 2, deadLetters: 3 }
    const counted = verify(sampleEvidence({ counters }))
    expect(counted.miscounted).toEqual([
      "1 entries are left in the queues, for 0 jobs that have not ended",
      "2 calls are counted as under way, for 0 jobs that have not ended",
      "3 dead letters are counted, of 0 jobs that failed or expired",
    ])
    expect(isClean(counted)).toBe(false)
    const open = [sampleJob(1, { status: "running", finishedAt: null }), sampleJob(2, { status: "failed", output: null })]
    expect(verify(sampleEvidence({ jobs: open, counters: { inQueues: 1, inFlight: 1, deadLetters: 1 } })).miscounted).toEqual([])
  })

  test("finds an end that its receiver never heard of, or heard of as two events", () => {
    const submissions = [sampleSubmission(1, { wantsWebhook: true }), sampleSubmission(2)]
    const judge = (receipts: readonly Receipt[]) => verify(sampleEvidence({ submissions, receipts }))
    expect(judge([]).untold).toEqual(about(1, /ended succeeded, and its receiver never heard/))
    expect(judge([sampleReceipt(1, { type: "job.failed" })]).untold).toEqual(about(1, /never heard/))
    expect(isClean(judge([sampleReceipt(1), sampleReceipt(1)]))).toBe(true)
    expect(judge([sampleReceipt(1), sampleReceipt(1, { eventId: "evt_9" })]).duplicated).toEqual(about(1, /2 events: evt_1, evt_9/))
    expect(isClean(judge([]))).toBe(false)
  })

  test("finds a wrong end: a failure, another prompt's answer, a cancellation nobody confirmed, or none where one was", () => {
    const endOf = (job: Partial<JobResource>, cancelConfirmedAtMs: number | null = null) =>
      verify(
        sampleEvidence({
          submissions: [sampleSubmission(1, { cancelConfirmedAtMs }), sampleSubmission(2)],
          jobs: [sampleJob(1, job), sampleJob(2)],
        }),
      ).wrong
    expect(endOf({ status: "failed", output: null })).toEqual(about(1, /ended failed/))
    expect(endOf({ output: sampleJob(2).output })).toEqual(about(1, /another prompt/))
    expect(endOf(cancelled)).toEqual(about(1, /ended cancelled/))
    expect(endOf({}, sampleStartMs + 500)).toEqual(about(1, /confirmed as cancelled, and ended succeeded/))
    expect(endOf(cancelled, sampleStartMs + 500)).toEqual([])
  })
})
