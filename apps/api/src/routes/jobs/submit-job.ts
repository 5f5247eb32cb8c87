import { isFinal, type Job, presentJob, StorageUnavailableError, type SubmitRequest, submitJobQuery, submitRequest } from "@sluice/core"
import type { JobWaiter, SubmitJob, SubmitJobOutcome } from "@sluice/engine"
import type { Request, RequestHandler } from "express"
import { idempotencyKeyOf } from "../../headers/idempotency-key.ts"
import { preferredWaitSeconds } from "../../headers/prefer-wait.ts"
import { originOf } from "../../middleware/origin-of.ts"
import { bodyProblem } from "../../problems/body-problem.ts"
import { budgetExhausted } from "../../problems/budget-exhausted.ts"
import { knownNames } from "../../problems/known-names.ts"
import { Problem } from "../../problems/problem.ts"
import { validationProblem } from "../../problems/validation-problem.ts"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { goneSignal } from "./gone-signal.ts"

export interface SubmitJobHandlerDependencies {
  readonly submitJob: SubmitJob
  readonly jobWaiter: JobWaiter
}

/** `POST /v1/jobs`: 202 once the job is safe; 200 when the wait saw its end, or when it was submitted before. */
export function submitJobHandler({ submitJob, jobWaiter }: SubmitJobHandlerDependencies): RequestHandler {
  return async function handleSubmitJob(request, response) {
    const { tenantId } = response.locals
    const { waitMs, applied } = waitOf(request)
    const idempotencyKey = idempotencyKeyOf(request)
    const body = parseBody(request.body)
    const outcome = await submitJob({ tenantId, body, idempotencyKey, ...originOf(response) })
    const { job, isReplayed } = jobOf(outcome, body)

    response.locals.places?.settle(isReplayed ? 0 : 1)
    response.locals.jobId = job.id
    const seen = waitMs > 0 && !isFinal(job) ? await waitForEnd(jobWaiter, { job, waitMs, signal: goneSignal(response) }) : job
    const shown = presentJob(seen)
    response.setHeader("Location", shown.links.self)
    response.setHeader("Cache-Control", "no-store")
    if (applied !== null) response.setHeader("Preference-Applied", applied)
    if (isReplayed) response.setHeader("Idempotency-Replayed", "true")
    if (!isFinal(seen)) response.setHeader("Retry-After", "1")
    sendJson(response, { status: isReplayed || isFinal(seen) ? 200 : 202, body: shown })
  }
}

interface Wait {
  readonly waitMs: number
  /** What `Preference-Applied` says; null when nothing was preferred. */
  readonly applied: string | null
}

function waitOf(request: Request): Wait {
  const { wait } = parseQuery(submitJobQuery, readQuery(request.url))
  const preferred = preferredWaitSeconds(request.get("prefer"))
  if (wait !== undefined) return { waitMs: wait * 1_000, applied: null }
  return { waitMs: (preferred ?? 0) * 1_000, applied: preferred === null ? null : `wait=${preferred}` }
}

function parseBody(value: unknown): SubmitRequest {
  const result = submitRequest.safeParse(value)
  if (!result.success) throw bodyProblem(result.error, { body: value })
  return result.data
}

/** What was accepted. Throws the problem of what was not. */
export function jobOf(outcome: SubmitJobOutcome, body: SubmitRequest): { readonly job: Job; readonly isReplayed: boolean } {
  switch (outcome.kind) {
    case "accepted":
    case "replayed":
      return { job: outcome.job, isReplayed: outcome.kind === "replayed" }
    case "route_unknown":
      throw new Problem({ code: "route_unknown", detail: knownNames({ what: "route", name: body.route, known: outcome.known }) })
    case "invalid_input":
      throw bodyProblem(outcome.error, { body, at: ["input"] })
    case "invalid_options":
      throw validationProblem([{ pointer: `#/options/${outcome.field}`, code: "invalid_value", detail: outcome.message }])
    case "invalid_webhook":
      throw validationProblem([{ pointer: "#/webhook/url", code: "invalid_value", detail: outcome.message }])
    case "budget_exhausted":
      throw budgetExhausted(outcome)
    case "key_reused":
      throw new Problem({
        code: "idempotency_key_reused",
        detail: `The Idempotency-Key belongs to ${outcome.jobId}, which was submitted with another body. Use a new key for a new job.`,
      })
  }
}

interface Waiting {
  readonly job: Job
  readonly waitMs: number
  readonly signal: AbortSignal
}

/** The job is accepted, whatever happens to the database meanwhile: the answer must not be a failure. */
export async function waitForEnd(waiter: JobWaiter, { job, waitMs, signal }: Waiting): Promise<Job> {
  try {
    return (await waiter.wait({ tenantId: job.tenantId, id: job.id, timeoutMs: waitMs, signal })) ?? job
  } catch (error) {
    if (error instanceof StorageUnavailableError) return job
    throw error
  }
}
