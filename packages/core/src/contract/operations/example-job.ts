import type { AttemptResource, JobResource, RunResource, WaitResource } from "../job-resource.ts"
import { exampleIds, exampleTimes } from "./examples.ts"

const self = `/v1/jobs/${exampleIds.job}`

export const exampleChatInput = {
  messages: [
    { role: "system" as const, content: "Answer in one sentence." },
    { role: "user" as const, content: "Why is the sky blue?" },
  ],
  maxOutputTokens: 200,
}

export const queuedJob: JobResource = {
  id: exampleIds.job,
  object: "job",
  status: "queued",
  route: "chat",
  kind: "chat",
  run: 1,
  attemptCount: 0,
  waiting: { reason: "rate_limited", endpoint: "openai-eu", since: exampleTimes.started, until: "2026-11-20T18:00:09.000Z", hint: null },
  createdAt: exampleTimes.submitted,
  startedAt: null,
  finishedAt: null,
  expiresAt: exampleTimes.expires,
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
  metadata: { orderId: "81" },
  links: { self, events: `${self}/events` },
}

export const succeededJob: JobResource = {
  ...queuedJob,
  status: "succeeded",
  attemptCount: 1,
  waiting: null,
  startedAt: exampleTimes.started,
  finishedAt: exampleTimes.finished,
  output: { text: "Air scatters blue light more than red.", json: null, toolCalls: [], finishReason: "stop" },
  provenance: {
    requested: { tier: "primary", model: "gpt-4o-mini" },
    served: { tier: "primary", endpoint: "openai-eu", provider: "openai", model: "gpt-4o-mini-2024-07-18", region: "eu" },
    quality: "full",
    degraded: false,
    degradedReason: null,
    cache: null,
    schemaValid: null,
    repairs: 0,
  },
  usage: { inputTokens: 24, cachedInputTokens: 0, outputTokens: 9 },
  cost: { usd: 0.000009, failedAttemptsUsd: 0, estimated: false },
}

export const failedJob: JobResource = {
  ...queuedJob,
  status: "failed",
  attemptCount: 1,
  waiting: null,
  startedAt: exampleTimes.started,
  finishedAt: exampleTimes.finished,
  error: {
    type: "context_length",
    message: "openai-eu: the input has 130,212 tokens, its model takes 128,000.",
    retryable: false,
    endpoint: "openai-eu",
    httpStatus: 400,
    providerCode: "context_length_exceeded",
    providerRequestId: "req_8a1f",
  },
  deadLetterId: exampleIds.deadLetter,
}

export const cancelledJob: JobResource = {
  ...queuedJob,
  status: "cancelled",
  waiting: null,
  finishedAt: exampleTimes.finished,
  cancelRequestedAt: exampleTimes.started,
}

const attempt: AttemptResource = {
  number: 1,
  run: 1,
  tier: "primary",
  endpoint: "openai-eu",
  provider: "openai",
  model: "gpt-4o-mini",
  region: "eu",
  startedAt: exampleTimes.started,
  durationMs: 1_710,
  outcome: "succeeded",
  errorType: null,
  httpStatus: 200,
  providerRequestId: "req_8a1f",
  charged: false,
  delayMs: null,
  usage: { inputTokens: 24, cachedInputTokens: 0, outputTokens: 9 },
  costUsd: 0.000009,
  isCostEstimated: false,
  images: 0,
  credential: "platform",
  batchCallId: null,
}

const run: RunResource = {
  run: 1,
  status: "succeeded",
  route: "chat",
  startedAt: exampleTimes.started,
  finishedAt: exampleTimes.finished,
  error: null,
  served: succeededJob.provenance?.served ?? null,
  replay: null,
}

const wait: WaitResource = {
  run: 1,
  reason: "rate_limited",
  endpoint: "openai-eu",
  from: exampleTimes.submitted,
  to: exampleTimes.started,
}

/** With `?expand=attempts,waits,runs`. */
export const expandedJob: JobResource = { ...succeededJob, attempts: [attempt], waits: [wait], runs: [run] }
