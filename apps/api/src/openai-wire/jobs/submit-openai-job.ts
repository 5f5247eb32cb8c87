import type { Job, Json, Metadata, SubmitRequest } from "@sluice/core"
import type { SubmitJob } from "@sluice/engine"
import type { Request, Response } from "express"
import { idempotencyKeyOf } from "../../headers/idempotency-key.ts"
import { originOf } from "../../middleware/origin-of.ts"
import { jobOf } from "../../routes/jobs/submit-job.ts"
import type { SluiceExtension } from "../requests/sluice-extension.ts"

/** What a call of OpenAI's asks for, in the terms of `POST /v1/jobs`. */
export interface Translated {
  readonly route: string
  readonly input: Json
  readonly metadata: Metadata
  readonly sluice: SluiceExtension
  readonly affinityKey?: string | undefined
}

export interface Submitted {
  readonly job: Job
  /** Whether the caller can find it again by sending the request again. */
  readonly hasKey: boolean
}

/** Submits a job as `POST /v1/jobs` does, with the same headers understood, and names it in the answer's. */
export async function submitOpenaiJob(
  submitJob: SubmitJob,
  { request, response }: { readonly request: Request; readonly response: Response },
  translated: Translated,
): Promise<Submitted> {
  const body = submissionOf(translated)
  const idempotencyKey = idempotencyKeyOf(request)
  const { tenantId } = response.locals
  const outcome = await submitJob({ tenantId, body, idempotencyKey, ...originOf(response) })
  const { job, isReplayed } = jobOf(outcome, body)
  response.locals.places?.settle(isReplayed ? 0 : 1)
  if (isReplayed) response.setHeader("Idempotency-Replayed", "true")
  response.setHeader("x-sluice-job-id", job.id)
  return { job, hasKey: idempotencyKey !== null }
}

export function submissionOf({ route, input, metadata, sluice, affinityKey }: Translated): SubmitRequest {
  const options = { ...(affinityKey !== undefined && { affinityKey }), ...sluice.options }
  return { route, input, metadata, options, ...(sluice.webhook && { webhook: sluice.webhook }) }
}
