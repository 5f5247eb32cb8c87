import type { Attempt, JobResult } from "../job/job.ts"
import type { Ending, Replaying } from "../job/transition.ts"

/** One successful call, as an execution records it. */
export function sampleAttempt(overrides: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    run: 1,
    tier: "primary",
    endpoint: "a",
    provider: "openai",
    model: "m",
    region: null,
    startedAt: new Date("2026-01-01T00:00:01.000Z"),
    durationMs: 12,
    outcome: "succeeded",
    errorType: null,
    httpStatus: 200,
    providerRequestId: "r-1",
    charged: false,
    delayMs: null,
    usage: { inputTokens: 3, cachedInputTokens: 0, outputTokens: 1 },
    costUsd: null,
    batchCallId: null,
    ...overrides,
  }
}

export function sampleResult(text = "ok"): JobResult {
  return {
    output: { at: "job", value: { text, json: null, toolCalls: [], finishReason: "stop" } },
    provenance: {
      requested: { tier: "primary", model: "m" },
      served: { tier: "primary", endpoint: "a", provider: "openai", model: "m-1", region: null },
      quality: "full",
      degraded: false,
      degradedReason: null,
      cache: null,
      schemaValid: null,
      repairs: 0,
    },
    usage: { inputTokens: 3, cachedInputTokens: 0, outputTokens: 1 },
    cost: { usd: 0, failedAttemptsUsd: 0, estimated: true },
  }
}

type EndingOf<T extends Ending["status"]> = Extract<Ending, { status: T }>

export function sampleSuccess(overrides: Partial<EndingOf<"succeeded">> = {}): EndingOf<"succeeded"> {
  const at = new Date("2026-01-01T00:00:02.000Z")
  return { status: "succeeded", at, eventId: "evt_success", attempts: [sampleAttempt()], result: sampleResult(), ...overrides }
}

export function sampleFailure(overrides: Partial<EndingOf<"failed" | "expired">> = {}): EndingOf<"failed" | "expired"> {
  return {
    status: "failed",
    at: new Date("2026-01-01T00:00:02.000Z"),
    eventId: "evt_failure",
    attempts: [],
    error: {
      type: "invalid_input",
      message: "a: refused",
      retryable: false,
      endpoint: "a",
      httpStatus: 400,
      providerCode: null,
      providerRequestId: null,
    },
    ...overrides,
  }
}

/** How a replay starts a run, without overrides. */
export function sampleReplaying(overrides: Partial<Replaying> = {}): Replaying {
  return {
    replayId: "rpl_1",
    by: "admin",
    requestId: null,
    at: new Date("2026-01-01T00:01:00.000Z"),
    deadline: new Date("2026-01-02T00:01:00.000Z"),
    enqueueDueAt: new Date("2026-01-01T00:01:05.000Z"),
    route: null,
    options: {},
    ...overrides,
  }
}
