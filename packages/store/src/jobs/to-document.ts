import type { FinalState, JobResult, QueuedJob } from "@sluice/core"
import type { MatchKeysAndValues } from "mongodb"
import { present } from "../present.ts"
import type { JobDocument, ResultDocument } from "./job-document.ts"
import { toJsonText } from "./json-text.ts"

/** A job as it is inserted. */
export function toDocument(job: QueuedJob): JobDocument {
  const { id, work, metadata, webhook, batchId, customId, ...more } = job
  const { idempotencyKey, idempotencyExpiresAt, requestHash, traceparent, ...rest } = more
  const { notBefore, waiting, enqueueDueAt, startedAt, deadLetter: _none, ...always } = rest
  const entries = Object.entries(metadata).map(([k, v]) => ({ k, v }))
  return {
    _id: id,
    ...always,
    kind: work.kind,
    input: toJsonText(work.input),
    ...(entries.length > 0 && { metadata: entries }),
    ...present({ webhook, batchId, customId, idempotencyKey, idempotencyExpiresAt, requestHash, traceparent }),
    ...present({ notBefore, waiting, enqueueDueAt, startedAt }),
  }
}

/** The fields that an ending sets. One that failed is a dead letter with that very write. */
export function toFinalFields(state: FinalState): MatchKeysAndValues<JobDocument> {
  switch (state.status) {
    case "succeeded":
      return { ...state, result: toResultDocument(state.result) }
    case "cancelled":
      return state
    case "failed":
    case "expired":
      return { ...state, "deadLetter.state": "open", "deadLetter.at": state.finishedAt, "deadLetter.error": state.error }
  }
}

function toResultDocument({ output, ...result }: JobResult): ResultDocument {
  return { ...result, output: output.at === "job" ? { at: "job", value: toJsonText(output.value) } : output }
}
