import { createHash } from "node:crypto"
import {
  type Clock,
  type JobWebhook,
  jobSchemaVersion,
  newJobId,
  type Origin,
  parseWork,
  type QueuedJob,
  type RouteConfig,
  resolveOptions,
  type SubmitRequest,
  type TenantDirectory,
  type TenantSettings,
  type TierName,
  type Work,
} from "@sluice/core"
import { ZodError } from "zod"
import type { Catalog } from "../catalog.ts"
import type { CheckWebhookUrl } from "../deliver/webhook-endpoints.ts"
import { createSchemaCache, InvalidSchemaError, type SchemaCache } from "../structure/schema-cache.ts"
import { canonicalJson } from "./canonical-json.ts"
import { enqueueDueAt } from "./enqueue-due-at.ts"

export interface PrepareJobDependencies {
  readonly catalog: () => Catalog
  readonly tenants: Pick<TenantDirectory, "settingsOf">
  readonly clock: Clock
  /** What is wrong with the URL of a job's own webhook; null when it may be used. */
  readonly checkWebhookUrl: CheckWebhookUrl
}

export interface PrepareJobRequest extends Origin {
  readonly tenantId: string
  readonly body: SubmitRequest
  readonly idempotencyKey: string | null
  /** Lets no other tier of the route answer. */
  readonly onlyTier?: TierName
}

/** Why a submission cannot become a job. */
export type SubmissionFault =
  | { readonly kind: "route_unknown"; readonly known: readonly string[] }
  /** Paths are relative to `input`. */
  | { readonly kind: "invalid_input"; readonly error: ZodError }
  /** Fields of the request that are well formed, but contradict one another. */
  | { readonly kind: "invalid_options"; readonly field: string; readonly message: string }
  | { readonly kind: "invalid_webhook"; readonly message: string }

export type PrepareJobOutcome = { readonly kind: "prepared"; readonly job: QueuedJob } | SubmissionFault

export type PrepareJob = (request: PrepareJobRequest) => PrepareJobOutcome

const defaultIdempotencyTtlMs = 86_400_000
const finalEvents = ["job.succeeded", "job.failed", "job.cancelled", "job.expired"] as const

/** Makes the job that a submission asks for, as it is to be stored, or says what is wrong with it. */
export function createPrepareJob(dependencies: PrepareJobDependencies): PrepareJob {
  const { catalog, tenants, clock } = dependencies
  const schemas = createSchemaCache()
  return (request) => {
    const { routes } = catalog()
    const route = Object.hasOwn(routes, request.body.route) ? routes[request.body.route] : undefined
    if (!route) return { kind: "route_unknown", known: Object.keys(routes) }
    const work = parseInput(schemas, route, request.body.input)
    if (work instanceof ZodError) return { kind: "invalid_input", error: work }
    const tenant = tenants.settingsOf(request.tenantId)
    const job = makeJob({ ...request, route, work, now: clock(), tenant })
    return faultOf(job, dependencies) ?? { kind: "prepared", job }
  }
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

function faultOf(job: QueuedJob, { checkWebhookUrl }: Pick<PrepareJobDependencies, "checkWebhookUrl">): SubmissionFault | null {
  if (job.options.runAt !== null && job.options.runAt >= job.deadline) {
    const message = `The job would expire at ${job.deadline.toISOString()}, before it may run. Choose an earlier runAt or a longer expiresInMs.`
    return { kind: "invalid_options", field: "runAt", message }
  }
  const message = job.webhook ? checkWebhookUrl(job.webhook.url) : null
  return message === null ? null : { kind: "invalid_webhook", message }
}

interface NewJob extends PrepareJobRequest {
  readonly route: RouteConfig
  readonly work: Work
  readonly now: Date
  readonly tenant: TenantSettings
}

function makeJob({ tenantId, body, idempotencyKey, traceparent, requestId, onlyTier, route, work, now, tenant }: NewJob): QueuedJob {
  const options = { ...resolveOptions(body.options, route, tenant), ...(onlyTier && { onlyTier }) }
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
    customId: null,
    idempotencyKey,
    idempotencyExpiresAt: idempotencyKey === null ? null : after(now, tenant.idempotencyTtlMs ?? defaultIdempotencyTtlMs),
    requestHash: idempotencyKey === null ? null : hashOf(body),
    traceparent,
    requestId,
    run: 1,
    attempts: [],
    attemptCount: 0,
    events: [],
    waits: [],
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

/** Equal for equal JSON, whatever the order of its keys. */
export function hashOf(body: unknown): string {
  return createHash("sha256").update(canonicalJson(body)).digest("hex")
}

function after(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms)
}
