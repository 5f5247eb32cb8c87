import { type DeadJob, type DeadLetter, deadLetterOf } from "@sluice/core"
import { recordOf } from "../jobs/from-document.ts"
import type { JobDocument } from "../jobs/job-document.ts"

/** What a dead letter is made of, without the job's input. */
export const deadJobProjection = {
  tenantId: 1,
  status: 1,
  run: 1,
  route: 1,
  kind: 1,
  batchId: 1,
  attemptCount: 1,
  "options.priority": 1,
  "options.expiresInMs": 1,
  "events.run": 1,
  "events.type": 1,
  deadLetter: 1,
} as const

export type DeadJobDocument = Pick<JobDocument, "_id" | "deadLetter"> &
  Pick<JobDocument, "batchId"> &
  Omit<DeadJob, "id" | "deadLetter" | "batchId">

export function toDeadLetter({ _id, deadLetter, batchId, ...document }: DeadJobDocument): DeadLetter {
  if (!deadLetter) throw new Error(`Job ${_id} was found as a dead letter, but has none: the document is damaged`)
  return deadLetterOf({ ...document, id: _id, batchId: batchId ?? null, deadLetter: recordOf(deadLetter) })
}
