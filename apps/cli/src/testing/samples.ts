import type { DeadLetterResource, JobResource, ReplayResource } from "@sluice/core"

const id = "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6"

export function sampleJob(over: Partial<JobResource> = {}): JobResource {
  return {
    id,
    object: "job",
    status: "queued",
    route: "chat",
    kind: "chat",
    run: 1,
    attemptCount: 0,
    waiting: null,
    createdAt: "2026-11-21T11:59:00.000Z",
    startedAt: null,
    finishedAt: null,
    expiresAt: "2026-11-22T11:59:00.000Z",
    cancelRequestedAt: null,
    output: null,
    outputUrl: null,
    provenance: null,
    usage: null,
    cost: null,
    error: null,
    deadLetterId: null,
    batchId: null,
    customId: null,
    metadata: {},
    links: { self: `/v1/jobs/${id}`, events: `/v1/jobs/${id}/events` },
    ...over,
  }
}

export function sampleSuccess(over: Partial<JobResource> = {}): JobResource {
  return sampleJob({
    status: "succeeded",
    attemptCount: 1,
    startedAt: "2026-11-21T11:59:01.000Z",
    finishedAt: "2026-11-21T11:59:02.500Z",
    output: { text: "Hello", json: null, toolCalls: [], finishReason: "stop" },
    provenance: {
      requested: { tier: "primary", model: "gpt-4o-mini" },
      served: { tier: "primary", endpoint: "azure-us", provider: "azure-openai", model: "gpt-4o-mini", region: "us" },
      quality: "full",
      degraded: false,
      degradedReason: null,
      cache: null,
      schemaValid: null,
      repairs: 0,
    },
    usage: { inputTokens: 412, cachedInputTokens: 0, outputTokens: 96 },
    cost: { usd: 0.000119, failedAttemptsUsd: 0, estimated: false },
    ...over,
  })
}

export function sampleDeadLetter(over: Partial<DeadLetterResource> = {}): DeadLetterResource {
  return {
    id: "dl_01993f0ac1d27c4e8b60a1b2c3d4e5f6",
    object: "dead_letter",
    kind: "job",
    state: "open",
    jobId: id,
    deliveryId: null,
    tenantId: "default",
    route: "chat",
    endpoint: "azure-us",
    error: { type: "context_length", message: "azure-us: the input is too long.", httpStatus: 400 },
    attemptCount: 3,
    createdAt: "2026-11-21T09:00:00.000Z",
    purgeAt: "2027-02-19T09:00:00.000Z",
    replays: [],
    discarded: null,
    ...over,
  }
}

export function sampleReplay(over: Partial<ReplayResource> = {}): ReplayResource {
  return {
    id: "rpl_1",
    object: "replay",
    status: "running",
    matched: 5_000,
    requeued: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    skipped: 0,
    perSecond: 50,
    filter: { state: "open" },
    ids: null,
    overrides: null,
    by: "admin",
    createdAt: "2026-11-21T12:00:00.000Z",
    finishedAt: null,
    cancelRequestedAt: null,
    hint: null,
    ...over,
  }
}
