import type { AttemptResource, JobEvent, JobEventOf } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { hear, nothingHeard } from "./live-job.ts"

const of = { jobId: "job_1", run: 1 }
const queued: JobEvent = { type: "job.queued", ...of, at: "2026-11-29T14:00:00.000Z" }
const delta = (offset: number, text: string): JobEvent => ({ type: "output.delta", ...of, attempt: 1, offset, text })
const start: JobEventOf<"attempt.started">["attempt"] = {
  number: 1,
  tier: "primary",
  endpoint: "openai-eu",
  provider: "openai",
  model: "gpt-4o",
  region: "eu",
  startedAt: "2026-11-29T14:00:01.000Z",
}
const ended: AttemptResource = {
  ...start,
  run: 1,
  durationMs: 5,
  outcome: "failed",
  errorType: "timeout",
  httpStatus: null,
  providerRequestId: null,
  charged: true,
  delayMs: 500,
  usage: null,
  costUsd: null,
  isCostEstimated: false,
  images: 0,
  credential: "platform",
  batchCallId: null,
}

const after = (...events: JobEvent[]) => events.reduce((known, event) => hear(known, event, 0), nothingHeard)

describe("hear", () => {
  test("adds pieces of text, takes one that comes again for the same, and forgets them at a reset", () => {
    expect(after(queued, delta(0, "The sky "), delta(8, "is blue"), delta(8, "is blue")).text).toBe("The sky is blue")
    expect(after(queued, delta(0, "The sky "), { type: "output.reset", ...of, attempt: 2 }, delta(0, "A")).text).toBe("A")
  })

  test("keeps the calls in order, the last word on each, and knows the one under way", () => {
    const begun: JobEvent = { type: "attempt.started", ...of, attempt: start }
    expect(after(queued, begun)).toMatchObject({ status: "running", current: { endpoint: "openai-eu" }, attempts: [] })
    const end: JobEvent = { type: "attempt.ended", ...of, attempt: ended }
    const second: JobEvent = { type: "attempt.ended", ...of, attempt: { ...ended, number: 2 } }
    const known = after(queued, begun, second, end, end)
    expect(known.attempts.map(({ number }) => number)).toEqual([1, 2])
    expect(known.current).toBeNull()
    expect(known.heard.map(({ what }) => what)).toEqual(["queued", "call 1: openai-eu, gpt-4o", "call 2 timeout", "call 1 timeout"])
  })

  test("begins anew with another run", () => {
    expect(after(queued, delta(0, "old"), { ...queued, run: 2 })).toMatchObject({ run: 2, text: "", attempts: [] })
  })
})
