import { type Batch, openaiMarks, reservedPrefix } from "@sluice/core"
import { type BatchUrl, isBatchUrl } from "./batch-endpoints.ts"

/** What a batch has to remember beyond what it knows anyway. It travels in its metadata. */
export interface BatchMarks {
  readonly inputFileId: string
  readonly endpoint: BatchUrl
  /** With what is wrong in the lines of the input; then nothing was run. */
  readonly errorFileId: string | null
}

const keys = {
  input: `${reservedPrefix}input_file_id`,
  endpoint: `${reservedPrefix}endpoint`,
  errors: `${reservedPrefix}error_file_id`,
} as const

export function toBatchMetadata({ inputFileId, endpoint, errorFileId }: BatchMarks): Readonly<Record<string, string>> {
  return {
    ...openaiMarks.batch,
    [keys.input]: inputFileId,
    [keys.endpoint]: endpoint,
    ...(errorFileId !== null && { ...openaiMarks.failedBatch, [keys.errors]: errorFileId }),
  }
}

/** Of a batch that came over this wire. */
export function batchMarksOf({ metadata }: Pick<Batch, "metadata">): BatchMarks {
  const endpoint = metadata[keys.endpoint]
  return {
    inputFileId: metadata[keys.input] ?? "",
    endpoint: isBatchUrl(endpoint) ? endpoint : "/v1/chat/completions",
    errorFileId: metadata[keys.errors] ?? null,
  }
}
