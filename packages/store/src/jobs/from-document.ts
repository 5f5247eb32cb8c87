import type { DeadLetterRecord, FinalState, Job, JobBase, JobResult, JobState } from "@sluice/core"
import type { Sealer } from "../encryption/sealer.ts"
import { type DeadLetterDocument, type JobDocument, placeInJob, type ResultDocument } from "./job-document.ts"
import { fromJsonText } from "./json-text.ts"

/**
 * The job of a document of the current version. Throws `DecryptionError` when a part of it cannot be read, and an error when the
 * document contradicts itself, which no write of ours makes.
 */
export function fromDocument(document: JobDocument, sealer: Sealer): Job {
  return { ...baseOf(document, sealer), ...stateOf(document, sealer) }
}

function baseOf(document: JobDocument, sealer: Sealer): JobBase {
  return {
    id: document._id,
    schemaVersion: document.schemaVersion,
    tenantId: document.tenantId,
    route: document.route,
    work: workOf(document, sealer),
    options: document.options,
    webhook: webhookOf(document, sealer),
    metadata: Object.fromEntries((document.metadata ?? []).map(({ k, v }) => [k, v])),
    batchId: document.batchId ?? null,
    customId: document.customId ?? null,
    idempotencyKey: document.idempotencyKey ?? null,
    idempotencyExpiresAt: document.idempotencyExpiresAt ?? null,
    requestHash: requestHashOf(document, sealer),
    traceparent: document.traceparent ?? null,
    requestId: document.requestId ?? null,
    run: document.run,
    attempts: document.attempts,
    attemptCount: document.attemptCount,
    events: document.events.map(({ by: _by, ...event }) => event),
    waits: document.waits ?? [],
    rescues: document.rescues,
    createdAt: document.createdAt,
    deadline: document.deadline,
    startedAt: document.startedAt ?? null,
    deadLetter: document.deadLetter ? recordOf(document.deadLetter) : null,
  }
}

export function recordOf({ at, error, replays, discarded }: DeadLetterDocument): DeadLetterRecord {
  return { at, error, replays: replays ?? [], discarded: discarded ?? null }
}

/** The text is what `toJsonText` made of a validated input; validating it on every read would cost more than reading it. */
function workOf(document: JobDocument, sealer: Sealer): JobBase["work"] {
  return { kind: document.kind, input: JSON.parse(sealer.open(document.input, placeInJob(document, "input"))) }
}

function webhookOf(document: JobDocument, sealer: Sealer): JobBase["webhook"] {
  const { webhook } = document
  if (!webhook) return null
  const { secret } = webhook
  return { ...webhook, secret: secret === null ? null : sealer.open(secret, placeInJob(document, "webhook.secret")) }
}

export function requestHashOf(document: Pick<JobDocument, "_id" | "tenantId" | "requestHash">, sealer: Sealer): string | null {
  const { requestHash } = document
  return requestHash === undefined ? null : sealer.open(requestHash, placeInJob(document, "requestHash"))
}

function stateOf(document: JobDocument, sealer: Sealer): JobState {
  const { status } = document
  switch (status) {
    case "queued":
      return {
        status,
        notBefore: document.notBefore ?? null,
        waiting: document.waiting ?? null,
        enqueueDueAt: document.enqueueDueAt ?? null,
      }
    case "running":
      return { status, claim: required(document, "claim"), waiting: document.waiting ?? null }
    default:
      return finalStateOf(document, status, sealer)
  }
}

function finalStateOf(document: JobDocument, status: FinalState["status"], sealer: Sealer): FinalState {
  const finishedAt = required(document, "finishedAt")
  switch (status) {
    case "succeeded":
      return { status, finishedAt, result: resultOf(document, sealer) }
    case "cancelled":
      return { status, finishedAt, cancelRequestedAt: required(document, "cancelRequestedAt") }
    case "failed":
    case "expired":
      return { status, finishedAt, error: required(document, "error") }
  }
}

function resultOf(document: JobDocument, sealer: Sealer): JobResult {
  const { output, ...result }: ResultDocument = required(document, "result")
  if (output.at !== "job") return { ...result, output }
  return { ...result, output: { at: "job", value: fromJsonText(sealer.open(output.value, placeInJob(document, "result.output"))) } }
}

function required<K extends keyof JobDocument>(document: JobDocument, field: K): NonNullable<JobDocument[K]> {
  const value = document[field]
  if (value === undefined || value === null)
    throw new Error(`Job ${document._id} is ${document.status} but has no ${field}: the document is damaged`)
  return value
}
