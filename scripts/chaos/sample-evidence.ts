import { type AttemptResource, type JobResource, jobResource } from "../../packages/core/src/index.ts"
import type { Evidence, ProviderCall, Receipt, Submission } from "./evidence.ts"

/** Times of the samples count from here. */
export const sampleStartMs = Date.parse("2026-11-20T18:00:00.000Z")

export const sampleId = (index: number) => `job_${String(index).padStart(32, "0")}`

const at = (ms: number) => new Date(sampleStartMs + ms).toISOString()

/** A job that was accepted at 0 s and succeeded at 1 s. */
export function sampleJob(index: number, changes: Partial<JobResource> = {}): JobResource {
  return jobResource.parse({
    id: sampleId(index),
    object: "job",
    status: "succeeded",
    route: "chat",
    kind: "chat",
    run: 1,
    attemptCount: 1,
    waiting: null,
    createdAt: at(0),
    startedAt: at(100),
    finishedAt: at(1_000),
    expiresAt: at(86_400_000),
    cancelRequestedAt: null,
    output: { text: `Echo: Prompt ${index}.`, json: null, toolCalls: [], finishReason: "stop" },
    outputUrl: null,
    provenance: null,
    usage: null,
    cost: null,
    error: null,
    deadLetterId: null,
    batchId: null,
    customId: null,
    metadata: { chaos: String(index) },
    links: { self: "", events: "" },
    ...changes,
  })
}

export function sampleAttempt(number: number, outcome: AttemptResource["outcome"]): AttemptResource {
  return {
    number,
    run: 1,
    tier: "primary",
    endpoint: "sim-1",
    provider: "openai",
    model: "sim-1",
    region: null,
    startedAt: at(100),
    durationMs: 200,
    outcome,
    errorType: outcome === "failed" ? "timeout" : null,
    httpStatus: null,
    providerRequestId: null,
    charged: outcome === "failed",
    delayMs: null,
    usage: null,
    costUsd: null,
    isCostEstimated: false,
    images: 0,
    credential: "platform",
    batchCallId: null,
  }
}

export function sampleSubmission(index: number, changes: Partial<Submission> = {}): Submission {
  return {
    index,
    prompt: `Prompt ${index}.`,
    jobId: sampleId(index),
    sentAtMs: sampleStartMs,
    otherIds: [],
    cancelConfirmedAtMs: null,
    wantsWebhook: false,
    told: null,
    ...changes,
  }
}

export function sampleCall(index: number, call: { attempt: number; atMs: number; isPaid?: boolean }): ProviderCall {
  const { attempt, atMs, isPaid = true } = call
  return { jobId: sampleId(index), idempotencyKey: `${sampleId(index)}-1-${attempt}`, atMs: sampleStartMs + atMs, isPaid }
}

export function sampleReceipt(index: number, changes: Partial<Receipt> = {}): Receipt {
  return { eventId: `evt_${index}`, type: "job.succeeded", jobId: sampleId(index), status: "succeeded", run: 1, ...changes }
}

/** Two jobs with which all went well. */
export function sampleEvidence(changes: Partial<Evidence> = {}): Evidence {
  const jobs = changes.jobs ?? [sampleJob(1), sampleJob(2)]
  return {
    submissions: [sampleSubmission(1), sampleSubmission(2)],
    jobs,
    jobsLater: jobs,
    ledgers: [],
    calls: [sampleCall(1, { attempt: 1, atMs: 200 }), sampleCall(2, { attempt: 1, atMs: 200 })],
    receipts: [],
    strikes: [],
    counters: { inQueues: 0, inFlight: 0, deadLetters: 0 },
    heldUpMs: 0,
    ...changes,
  }
}
