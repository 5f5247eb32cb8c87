import type { DeadLetterRecord, FinalState, Job, JobBase, JobResult, JobState } from "@sluice/core"
import type { DeadLetterDocument, JobDocument, ResultDocument } from "./job-document.ts"
import { fromJsonText } from "./json-text.ts"

/** The job of a document of the current version. Throws when the document contradicts itself, which no write of ours makes. */
export function fromDocument(document: JobDocument): Job {
  return { ...baseOf(document), ...stateOf(document) }
}

function baseOf(document: JobDocument): JobBase {
  return {
    id: document._id,
    schemaVersion: document.schemaVersion,
    tenantId: document.tenantId,
    route: document.route,
    work: workOf(document),
    options: document.options,
    webhook: document.webhook ?? null,
    metadata: Object.fromEntries((document.metadata ?? []).map(({ k, v }) => [k, v])),
    batchId: document.batchId ?? null,
    customId: document.customId ?? null,
    idempotencyKey: document.idempotencyKey ?? null,
    idempotencyExpiresAt: document.idempotencyExpiresAt ?? null,
    requestHash: document.requestHash ?? null,
    traceparent: document.traceparent ?? null,
    run: document.run,
    attempts: document.attempts,
    attemptCount: document.attemptCount,
    events: document.events.map(({ by: _by, ...event }) => event),
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
function workOf({ kind, input }: JobDocument): JobBase["work"] {
  return { kind, input: JSON.parse(input) }
}

function stateOf(document: JobDocument): JobState {
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
      return finalStateOf(document, status)
  }
}

function finalStateOf(document: JobDocument, status: FinalState["status"]): FinalState {
  const finishedAt = required(document, "finishedAt")
  switch (status) {
    case "succeeded":
      return { status, finishedAt, result: resultOf(required(document, "result")) }
    case "cancelled":
      return { status, finishedAt, cancelRequestedAt: required(document, "cancelRequestedAt") }
    case "failed":
    case "expired":
      return { status, finishedAt, error: required(document, "error") }
  }
}

function resultOf({ output, ...result }: ResultDocument): JobResult {
  return { ...result, output: output.at === "job" ? { at: "job", value: fromJsonText(output.value) } : output }
}

function required<K extends keyof JobDocument>(document: JobDocument, field: K): NonNullable<JobDocument[K]> {
  const value = document[field]
  if (value === undefined || value === null)
    throw new Error(`Job ${document._id} is ${document.status} but has no ${field}: the document is damaged`)
  return value
}
