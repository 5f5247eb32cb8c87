import type { AttemptResource, DeliveryResource, WaitResource } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { type TimelineOf, timelineOf } from "./timeline.ts"

const at = (ms: number) => new Date(Date.parse("2026-11-29T14:00:00.000Z") + ms).toISOString()
const start = Date.parse(at(0))

const call = (number: number, fromMs: number, durationMs: number, rest: Partial<AttemptResource> = {}): AttemptResource => ({
  number,
  run: 1,
  tier: "primary",
  endpoint: "openai-eu",
  provider: "openai",
  model: "gpt-4o",
  region: "eu",
  startedAt: at(fromMs),
  durationMs,
  outcome: "succeeded",
  errorType: null,
  httpStatus: 200,
  providerRequestId: null,
  charged: false,
  delayMs: null,
  usage: null,
  costUsd: null,
  isCostEstimated: false,
  images: 0,
  credential: "platform",
  batchCallId: null,
  ...rest,
})

const overloaded = { outcome: "failed", errorType: "overloaded", httpStatus: 503, charged: true, delayMs: 2_000 } as const
const job = { createdAt: at(0), startedAt: null, finishedAt: null, waiting: null, run: 1, status: "queued" } as const
const shown = (of: Partial<TimelineOf>) => {
  const { fromMs, toMs, spans } = timelineOf({ job, attempts: [], waits: [], current: null, deliveries: [], nowMs: start + 9_000, ...of })
  return {
    range: [fromMs - start, toMs - start],
    spans: spans.map((span) => `${span.kind} ${span.fromMs - start}-${span.toMs - start} ${span.outcome}: ${span.label}, ${span.detail}`),
  }
}

describe("timelineOf", () => {
  test("shows what lay before and between the calls of a job that ended", () => {
    const ended = { ...job, status: "succeeded", startedAt: at(40), finishedAt: at(3_300) } as const
    expect(shown({ job: ended, attempts: [call(1, 50, 250, overloaded), call(2, 2_300, 1_000)] })).toEqual({
      range: [0, 3_300],
      spans: [
        "wait 0-50 neutral: Queued, in line",
        "call 50-300 bad: Call 1 · openai-eu, primary · gpt-4o · overloaded (503)",
        "wait 300-2300 neutral: Waited, after overloaded, told to wait 2000 ms",
        "call 2300-3300 good: Call 2 · openai-eu, primary · gpt-4o · succeeded",
      ],
    })
  })

  test("lets what is under way go on until now", () => {
    const running = { ...job, status: "running", startedAt: at(10) } as const
    const { number, tier, endpoint, provider, model, region, startedAt } = call(1, 10, 0)
    const current = { number, tier, endpoint, provider, model, region, startedAt }
    expect(shown({ job: running, current })).toEqual({
      range: [0, 9_000],
      spans: ["call 10-9000 open: Call 1 · openai-eu, primary · gpt-4o · under way"],
    })
    const waiting = { reason: "breaker_open", endpoint: "openai-eu", since: at(300), until: at(20_000), hint: null } as const
    expect(shown({ job: { ...job, waiting }, attempts: [call(1, 0, 300, overloaded)] }).spans.at(-1)).toBe(
      "wait 300-9000 open: Waits, for a breaker to close · openai-eu",
    )
  })

  test("says of each wait what it was for, as far as that is known", () => {
    const wait = (reason: WaitResource["reason"], fromMs: number, toMs: number, rest: Partial<WaitResource> = {}): WaitResource => ({
      ...{ run: 1, reason, endpoint: "openai-eu", from: at(fromMs), to: at(toMs) },
      ...rest,
    })
    const waits = [
      wait("breaker_open", 100, 900),
      wait("budget", 900, 1_500, { endpoint: null }),
      wait("retry_backoff", 2_000, 4_000),
      wait("rate_limited", 4_010, 5_000),
      wait("quota", 0, 9_000, { run: 2 }),
    ]
    const ended = { ...job, status: "expired", startedAt: at(40), finishedAt: at(5_000) } as const
    expect(shown({ job: ended, attempts: [call(1, 1_520, 480, overloaded)], waits }).spans).toEqual([
      "wait 0-100 neutral: Queued, in line",
      "wait 100-900 neutral: Waited, for a breaker to close · openai-eu",
      "wait 900-1500 neutral: Waited, for budget",
      "wait 1500-1520 neutral: Queued, in line",
      "call 1520-2000 bad: Call 1 · openai-eu, primary · gpt-4o · overloaded (503)",
      "wait 2000-4000 neutral: Waited, before it tries again · openai-eu",
      "wait 4010-5000 neutral: Waited, for allowance · openai-eu",
    ])
    const running = { ...job, status: "running", startedAt: at(40) } as const
    expect(shown({ job: running, waits: [wait("breaker_open", 100, 900)] }).spans.at(-1)).toBe(
      "wait 100-900 neutral: Waited, for a breaker to close · openai-eu",
    )
    const cut = [wait("rate_limited", 1_000, 3_000)]
    expect(shown({ job: ended, attempts: [call(1, 500, 1_500, overloaded)], waits: cut }).spans).toContain(
      "wait 2000-3000 neutral: Waited, for allowance · openai-eu",
    )
  })

  test("shows a job that nobody took as queued all the time", () => {
    expect(shown({ job: { ...job, status: "expired", finishedAt: at(5_000) } }).spans).toEqual(["wait 0-5000 neutral: Queued, in line"])
  })

  test("begins with the run that it shows", () => {
    const replayed = { ...job, run: 2, status: "succeeded", startedAt: at(60_000), finishedAt: at(61_000) } as const
    const { range, spans } = shown({ job: replayed, attempts: [call(1, 50, 250, overloaded), call(2, 60_100, 900, { run: 2 })] })
    expect(range).toEqual([60_000, 61_000])
    expect(spans).toHaveLength(2)
  })

  test("has deliveries that came soon, not those of hours later", () => {
    const ended = { ...job, status: "succeeded", finishedAt: at(1_000) } as const
    const tried = (ms: number, error: string | null) => ({ at: at(ms), httpStatus: 200, durationMs: 20, error, responseBody: null })
    const delivery: DeliveryResource = {
      ...{ id: "d", eventId: "e", eventType: "job.succeeded", target: "job", jobId: "job_1", status: "delivered" },
      ...{ createdAt: at(1_000), tryCount: 2, nextAttemptAt: null, tries: [tried(1_100, "refused"), tried(3_600_000, null)] },
    }
    const { range, spans } = shown({ job: ended, attempts: [call(1, 0, 1_000)], deliveries: [delivery] })
    expect(range).toEqual([0, 1_120])
    expect(spans.at(-1)).toBe("delivery 1100-1120 bad: Webhook job.succeeded, job · refused")
  })
})
