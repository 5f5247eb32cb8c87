import { type Batch, type BatchCounts, openaiBatchStatus } from "@sluice/core"
import type { OpenAI } from "openai"
import { secondsOf } from "../chat/chat-completion.ts"
import { batchFileId } from "../files/file-ids.ts"
import { ownMetadata } from "../jobs/provenance.ts"
import { batchMarksOf } from "./batch-marks.ts"
import type { LineError } from "./read-batch-lines.ts"

/** The only one that OpenAI has. */
export const completionWindow = "24h"
export const completionWindowMs = 86_400_000

/** As OpenAI sends it: with null where the clients' type has nothing. */
export type PresentedBatch = { readonly [Key in keyof OpenAI.Batch]: OpenAI.Batch[Key] | null }

/** A batch as `GET /batches/{id}` shows it. `errors` says what is wrong with its file, if that failed it. */
export function presentBatch(
  counted: Batch,
  { counts, errors = [] }: { readonly counts: BatchCounts; readonly errors?: readonly LineError[] },
): PresentedBatch {
  const batch = { ...counted, counts }
  const { inputFileId, endpoint, errorFileId } = batchMarksOf(batch)
  const status = openaiBatchStatus(batch)
  const failures = counts.failed + counts.expired + counts.cancelled
  return {
    id: batch.id,
    object: "batch",
    endpoint,
    errors: errors.length === 0 ? null : { object: "list", data: [...errors] },
    input_file_id: inputFileId,
    completion_window: completionWindow,
    status,
    output_file_id: counts.succeeded > 0 && batch.completedAt !== null ? batchFileId(batch, "output") : null,
    error_file_id: errorFileId ?? (failures > 0 && batch.completedAt !== null ? batchFileId(batch, "errors") : null),
    ...timesOf(batch, status),
    request_counts: { total: counts.total, completed: counts.succeeded, failed: counts.failed + counts.expired },
    metadata: ownMetadata(batch),
  }
}

type Times =
  | "created_at"
  | "in_progress_at"
  | "expires_at"
  | "finalizing_at"
  | "completed_at"
  | "failed_at"
  | "expired_at"
  | "cancelling_at"
  | "cancelled_at"

function timesOf(
  { createdAt, addedAt, countedAt, cancelRequestedAt, completedAt }: Batch,
  status: OpenAI.Batch["status"],
): Required<Pick<PresentedBatch, Times>> {
  const at = (isSo: boolean, date: Date | null) => (isSo && date !== null ? secondsOf(date) : null)
  const hasBegun = status !== "validating" && status !== "failed"
  return {
    created_at: secondsOf(createdAt),
    in_progress_at: at(hasBegun, addedAt),
    expires_at: secondsOf(new Date(createdAt.getTime() + completionWindowMs)),
    finalizing_at: at(hasBegun && (status === "finalizing" || completedAt !== null), completedAt ?? countedAt),
    completed_at: at(status === "completed", completedAt),
    failed_at: at(status === "failed", completedAt ?? createdAt),
    expired_at: at(status === "expired", completedAt),
    cancelling_at: at(status === "cancelling" || status === "cancelled", cancelRequestedAt),
    cancelled_at: at(status === "cancelled", completedAt),
  }
}
