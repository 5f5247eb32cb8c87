import type { FinalState, JobResult, QueuedJob } from "@sluice/core"
import type { MatchKeysAndValues } from "mongodb"
import type { Sealer } from "../encryption/sealer.ts"
import { present } from "../present.ts"
import { type JobDocument, jobsCollection, placeInJob, type ResultDocument, type WebhookDocument } from "./job-document.ts"
import { toJsonText } from "./json-text.ts"

/** A job as it is inserted. */
export function toDocument(job: QueuedJob, sealer: Sealer): JobDocument {
  const { id, work, metadata, webhook, batchId, customId, ...more } = job
  const { idempotencyKey, idempotencyExpiresAt, requestHash, traceparent, requestId, ...rest } = more
  const { notBefore, waiting, waits, enqueueDueAt, startedAt, deadLetter: _none, ...always } = rest
  const entries = Object.entries(metadata).map(([k, v]) => ({ k, v }))
  const at = { _id: id, tenantId: job.tenantId }
  return {
    _id: id,
    ...always,
    kind: work.kind,
    input: sealer.seal(toJsonText(work.input), placeInJob(at, "input")),
    ...present({ inputKey: sealer.keyId }),
    ...(entries.length > 0 && { metadata: entries }),
    ...present({ batchId, customId, idempotencyKey, idempotencyExpiresAt, traceparent, requestId }),
    ...(requestHash !== null && { requestHash: sealer.seal(requestHash, placeInJob(at, "requestHash")) }),
    ...(webhook && { webhook: toWebhookDocument(webhook, at, sealer) }),
    ...(waits.length > 0 && { waits }),
    ...present({ notBefore, waiting, enqueueDueAt, startedAt }),
  }
}

function toWebhookDocument(
  webhook: NonNullable<QueuedJob["webhook"]>,
  at: Pick<JobDocument, "_id" | "tenantId">,
  sealer: Sealer,
): WebhookDocument {
  const { secret } = webhook
  return { ...webhook, secret: secret === null ? null : sealer.seal(secret, placeInJob(at, "webhook.secret")) }
}

/** The fields that an ending sets. One that failed is a dead letter with that very write. */
export function toFinalFields(id: string, state: FinalState, sealer: Sealer): MatchKeysAndValues<JobDocument> {
  switch (state.status) {
    case "succeeded":
      return { ...state, result: toResultDocument(id, state.result, sealer), ...present({ outputKey: sealer.keyId }) }
    case "cancelled":
      return state
    case "failed":
    case "expired":
      return { ...state, "deadLetter.state": "open", "deadLetter.at": state.finishedAt, "deadLetter.error": state.error }
  }
}

function toResultDocument(id: string, { output, ...result }: JobResult, sealer: Sealer): ResultDocument {
  if (output.at !== "job") return { ...result, output }
  const place = { collection: jobsCollection, id, tenantId: null, field: "result.output" }
  return { ...result, output: { at: "job", value: sealer.seal(toJsonText(output.value), place) } }
}
