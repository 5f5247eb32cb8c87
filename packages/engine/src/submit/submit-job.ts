import { createHash } from "node:crypto"
import {
  type Clock,
  type Job,
  type JobQueue,
  type JobStore,
  type JobWebhook,
  jobSchemaVersion,
  newJobId,
  type OutstandingJob,
  parseWork,
  type QueuedJob,
  type QueueEntry,
  QueueUnavailableError,
  type RouteConfig,
  resolveOptions,
  type SubmitRequest,
  type TenantDirectory,
  type TierName,
  type Work,
} from "@sluice/core"
import { ZodError } from "zod"
import type { BudgetExhausted, CheckBudget } from "../budget/check-budget.ts"
import type { Catalog } from "../catalog.ts"
import type { CheckWebhookUrl } from "../deliver/webhook-endpoints.ts"
import { createSchemaCache, InvalidSchemaError, type SchemaCache } from "../structure/schema-cache.ts"
import { canonicalJson } from "./canonical-json.ts"
import { enqueueDueAt, enqueueHorizonMs } from "./enqueue-due-at.ts"

export interface SubmitJobDependencies {
  readonly store: JobStore
  readonly queue: JobQueue
  readonly catalog: () => Catalog
  readonly tenants: Pick<TenantDirectory, "settingsOf">
  readonly clock: Clock
  readonly checkBudget: CheckBudget
  /** What is wrong with the URL of a job's own webhook; null when it may be used. */
  readonly checkWebhookUrl: CheckWebhookUrl
  /** Told when a job was stored but could not be enqueued: the sweep will do it. */
  readonly onEnqueueFailed: (failure: { readonly jobId: string; readonly error: QueueUnavailableError }) => void
}

export interface SubmitJobRequest {
  readonly tenantId: string
  readonly body: SubmitRequest
  readonly idempotencyKey: string | null
  readonly traceparent: string | null
  /** Lets no other tier of the route answer. */
  readonly onlyTier?: TierName
}

export type SubmitJobOutcome =
  | { readonly kind: "accepted"; readonly job: QueuedJob }
  /** The same key and body were sent before. */
  | { readonly kind: "replayed"; readonly job: Job }
  | { readonly kind: "key_reused"; readonly jobId: string }
  | { readonly kind: "route_unknown"; readonly known: readonly string[] }
  /** Paths are relative to `input`. */
  | { readonly kind: "invalid_input"; readonly error: ZodError }
  /** Fields of the request that are well formed, but contradict one another. */
  | { readonly kind: "invalid_options"; readonly field: string; readonly message: string }
  | { readonly kind: "invalid_webhook"; readonly message: string }
  | BudgetExhausted

export type SubmitJob = (request: SubmitJobRequest) => Promise<SubmitJobOutcome>

const defaultIdempotencyTtlMs = 86_400_000
const finalEvents = ["job.succeeded", "job.failed", "job.cancelled", "job.expired"] as const

/**
 * Stores the job with majority write concern, then puts it in the queue. Once it is stored it is accepted: a queue that
 * does not answer delays it, no more. Rejects with `StorageUnavailableError` when it could not be stored.
 */
export function createSubmitJob(dependencies: SubmitJobDependencies): SubmitJob {
  const { store, catalog, tenants, clock } = dependencies
  const schemas = createSchemaCache()
  return async (request) => {
    const { routes } = catalog()
    const route = Object.hasOwn(routes, request.body.route) ? routes[request.body.route] : undefined
    if (!route) return { kind: "route_unknown", known: Object.keys(routes) }
    const work = parseInput(schemas, route, request.body.input)
    if (work instanceof ZodError) return { kind: "invalid_input", error: work }

    const { idempotencyTtlMs } = tenants.settingsOf(request.tenantId)
    const job = makeJob({ ...request, route, work, now: clock(), idempotencyTtlMs })
    const fault = faultOf(job, dependencies)
    if (fault) return fault
    const exhausted = await dependencies.checkBudget(job, route)
    if (exhausted) return (await ofSameKey(store, job)) ?? exhausted
    const inserted = await store.insert(job)
    if (inserted.kind === "existing") return submittedBefore(inserted.job, job)
    await enqueue(dependencies, job)
    return { kind: "accepted", job }
  }
}

/** What was accepted before is answered as before, whatever has become of the budget since. */
async function ofSameKey(store: JobStore, job: QueuedJob): Promise<SubmitJobOutcome | null> {
  const { tenantId, idempotencyKey } = job
  const holder = idempotencyKey === null ? null : await store.findByKey({ tenantId, idempotencyKey, at: job.createdAt })
  return holder && submittedBefore(holder, job)
}

function submittedBefore(before: Job, job: QueuedJob): SubmitJobOutcome {
  return before.requestHash === job.requestHash ? { kind: "replayed", job: before } : { kind: "key_reused", jobId: before.id }
}

function parseInput(schemas: SchemaCache, route: RouteConfig, input: unknown): Work | ZodError {
  try {
    const work = parseWork(route.kind, input)
    if (work.kind === "chat" && work.input.responseFormat?.type === "json_schema") schemas.validatorFor(work.input.responseFormat.schema)
    return work
  } catch (error) {
    if (error instanceof ZodError) return error
    if (!(error instanceof InvalidSchemaError)) throw error
    return new ZodError([
      { code: "custom", path: ["responseFormat", "schema"], message: `Not a usable JSON Schema: ${error.message}`, input },
    ])
  }
}

function faultOf(job: QueuedJob, { checkWebhookUrl }: Pick<SubmitJobDependencies, "checkWebhookUrl">): SubmitJobOutcome | null {
  if (job.options.runAt !== null && job.options.runAt >= job.deadline) {
    const message = `The job would expire at ${job.deadline.toISOString()}, before it may run. Choose an earlier runAt or a longer expiresInMs.`
    return { kind: "invalid_options", field: "runAt", message }
  }
  const message = job.webhook ? checkWebhookUrl(job.webhook.url) : null
  return message === null ? null : { kind: "invalid_webhook", message }
}

interface NewJob extends SubmitJobRequest {
  readonly route: RouteConfig
  readonly work: Work
  readonly now: Date
  readonly idempotencyTtlMs: number | undefined
}

function makeJob({ tenantId, body, idempotencyKey, traceparent, onlyTier, route, work, now, idempotencyTtlMs }: NewJob): QueuedJob {
  const options = { ...resolveOptions(body.options, route), ...(onlyTier && { onlyTier }) }
  const isScheduled = options.runAt !== null && options.runAt > now
  return {
    id: newJobId({ at: now }),
    schemaVersion: jobSchemaVersion,
    tenantId,
    route: body.route,
    work,
    options,
    webhook: body.webhook ? makeWebhook(body.webhook) : null,
    metadata: body.metadata ?? {},
    batchId: null,
    idempotencyKey,
    idempotencyExpiresAt: idempotencyKey === null ? null : after(now, idempotencyTtlMs ?? defaultIdempotencyTtlMs),
    requestHash: idempotencyKey === null ? null : hashOf(body),
    traceparent,
    run: 1,
    attempts: [],
    attemptCount: 0,
    events: [],
    rescues: 0,
    createdAt: now,
    deadline: after(now, options.expiresInMs),
    startedAt: null,
    deadLetter: null,
    status: "queued",
    notBefore: isScheduled ? options.runAt : null,
    waiting: isScheduled ? { reason: "scheduled", endpoint: null, since: now, until: options.runAt, refusals: 0 } : null,
    enqueueDueAt: enqueueDueAt({ now, notBefore: isScheduled ? options.runAt : null }),
  }
}

function makeWebhook(target: NonNullable<SubmitRequest["webhook"]>): JobWebhook {
  return { url: target.url, events: target.events ?? finalEvents, secret: target.secret ?? null }
}

function hashOf(body: SubmitRequest): string {
  return createHash("sha256").update(canonicalJson(body)).digest("hex")
}

async function enqueue({ queue, clock, tenants, onEnqueueFailed }: SubmitJobDependencies, job: QueuedJob): Promise<void> {
  const isFarOff = job.notBefore !== null && job.notBefore.getTime() - clock().getTime() > enqueueHorizonMs
  if (isFarOff) return
  try {
    await queue.enqueue([queueEntryOf(job, { tenants })])
  } catch (error) {
    if (!(error instanceof QueueUnavailableError)) throw error
    onEnqueueFailed({ jobId: job.id, error })
  }
}

/** What the queue needs to know of a job; a tenant's weight is its share of the workers among tenants that compete. */
export function queueEntryOf(job: Omit<OutstandingJob, "waiting">, { tenants }: Pick<SubmitJobDependencies, "tenants">): QueueEntry {
  const { id, run, route, tenantId, notBefore } = job
  const { weight } = tenants.settingsOf(tenantId)
  return { id, run, route, tenantId, priority: job.options.priority, notBefore, ...(weight !== undefined && { weight }) }
}

function after(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms)
}
