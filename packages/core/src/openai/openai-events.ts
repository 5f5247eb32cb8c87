import type { Batch } from "../batch/batch.ts"
import type { Job } from "../job/job.ts"

/** Begins the names in metadata that OpenAI's wire uses for itself. */
export const reservedPrefix = "sluice_"

const wireKey = `${reservedPrefix}wire`
const failedKey = `${reservedPrefix}failed`

/** What came over OpenAI's wire and has a life of its own there: a job that is a response, a batch. */
export const openaiMarks = {
  response: { [wireKey]: "openai.responses" },
  batch: { [wireKey]: "openai.batches" },
  /** A batch of which nothing was run, since a line of its file is wrong. */
  failedBatch: { [failedKey]: "true" },
} as const

export function isOpenaiResponse({ metadata, work }: Pick<Job, "metadata" | "work">): boolean {
  return work.kind === "chat" && metadata[wireKey] === openaiMarks.response[wireKey]
}

export function isOpenaiBatch({ metadata }: Pick<Batch, "metadata">): boolean {
  return metadata[wireKey] === openaiMarks.batch[wireKey]
}

/** A response is its job under another name. */
export function openaiResponseId({ id }: Pick<Job, "id">): string {
  return id.replace(/^job_/, "resp_")
}

/** What OpenAI's webhooks tell of, as far as there is anything to tell here. */
export const openaiEventTypes = [
  "response.completed",
  "response.failed",
  "response.cancelled",
  "response.incomplete",
  "batch.completed",
  "batch.failed",
  "batch.cancelled",
  "batch.expired",
] as const
export type OpenaiEventType = (typeof openaiEventTypes)[number]

/** Why a response ended before it was complete, which is no failure in OpenAI's words; null for one that did not. */
export function incompleteReason(job: Job, finishReason: unknown): "max_output_tokens" | "content_filter" | null {
  const cause = job.status === "failed" ? job.error.type : job.status === "succeeded" ? finishReason : null
  if (cause === "length" || cause === "output_truncated") return "max_output_tokens"
  return cause === "content_filter" ? cause : null
}

/** The event for the end of a response; null for a job that is none, or has not ended. */
export function openaiEventOfJob(job: Job): OpenaiEventType | null {
  if (!isOpenaiResponse(job)) return null
  switch (job.status) {
    case "queued":
    case "running":
      return null
    case "cancelled":
      return "response.cancelled"
    case "expired":
      return "response.failed"
    case "failed":
    case "succeeded":
      if (incompleteReason(job, finishReasonOf(job)) !== null) return "response.incomplete"
      return job.status === "failed" ? "response.failed" : "response.completed"
  }
}

/** Of an output that is in the job; one of more than a mebibyte is not looked up for it. */
function finishReasonOf(job: Job): unknown {
  if (job.status !== "succeeded" || job.result.output.at !== "job") return null
  const { value } = job.result.output
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value.finishReason : null
}

export type OpenaiBatchStatus =
  | "validating"
  | "failed"
  | "in_progress"
  | "finalizing"
  | "completed"
  | "expired"
  | "cancelling"
  | "cancelled"

/** Where a batch is, in OpenAI's words. `expired`: its time was over before all of its jobs had ended by themselves. */
export function openaiBatchStatus({ metadata, isClosed, cancelRequestedAt, completedAt, counts }: Batch): OpenaiBatchStatus {
  if (metadata[failedKey] !== undefined) return "failed"
  if (cancelRequestedAt !== null) return completedAt === null ? "cancelling" : "cancelled"
  if (completedAt !== null) return counts.expired > 0 ? "expired" : "completed"
  if (!isClosed) return "validating"
  return counts.total > 0 && counts.queued + counts.running === 0 ? "finalizing" : "in_progress"
}

/** The event for the end of a batch; null for one that did not come over OpenAI's wire. */
export function openaiEventOfBatch(batch: Batch): OpenaiEventType | null {
  if (!isOpenaiBatch(batch)) return null
  const status = openaiBatchStatus(batch)
  return status === "completed" || status === "failed" || status === "cancelled" || status === "expired" ? `batch.${status}` : null
}
