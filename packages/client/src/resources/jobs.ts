import type {
  ErrorType,
  Expansion,
  JobResource,
  JobStatus,
  JobTokenResource,
  Metadata,
  Quality,
  SubmitRequest,
  TierName,
} from "@sluice/core"
import { type CallOptions, listResource, type PageQuery } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import { metadataQuery } from "../paging/metadata-query.ts"
import type { Transport } from "../transport/transport.ts"
import { createStreamJob, type StreamJob } from "./stream-job.ts"
import { createWaitForJob, type WaitForJob, type WaitForJobDependencies } from "./wait-for-job.ts"

export interface SubmitOptions extends CallOptions {
  /** Default: a new one for each call, so that trying again by itself never makes two jobs. Pass your own to be safe across restarts too. */
  readonly idempotencyKey?: string
  /** How long the call may wait for the end of the job, at most 60,000. Default 0: it returns once the job is safe. */
  readonly waitMs?: number
}

export interface GetJobOptions extends CallOptions {
  /** How long the call may wait for the end of the job, at most 60,000. */
  readonly waitMs?: number
  readonly expand?: readonly Expansion[]
}

export interface JobFilters extends PageQuery {
  readonly status?: readonly JobStatus[] | undefined
  readonly route?: string | undefined
  readonly errorType?: ErrorType | undefined
  readonly tier?: TierName | undefined
  readonly quality?: Quality | undefined
  readonly batchId?: string | undefined
  readonly metadata?: Metadata | undefined
  /** ISO 8601 with a zone. */
  readonly createdAfter?: string | undefined
  readonly createdBefore?: string | undefined
}

export interface Jobs {
  /** Resolves once the job is safely stored. What fails on the way there is tried again under the same idempotency key. */
  submit(request: SubmitRequest, options?: SubmitOptions): Promise<JobResource>
  get(id: string, options?: GetJobOptions): Promise<JobResource>
  /** Resolves with the job when it has ended, however it did. Throws `WaitTimeoutError` when `timeoutMs` is over before. */
  wait: WaitForJob
  /**
   * What becomes of a job, as it happens, up to its end; a job that is given as a submission is submitted first. A connection that
   * is lost is replaced, and goes on where it was. Throws when the server is out of reach for too long, and what `submit` throws.
   */
  stream: StreamJob
  /** Newest first. */
  list(filters?: JobFilters, options?: CallOptions): Listing<JobResource>
  /** Resolves with the job, also when it had ended before. */
  cancel(id: string, options?: CallOptions): Promise<JobResource>
  /** Removes a job that has ended, with its output, deliveries and cache entries. */
  delete(id: string, options?: CallOptions): Promise<void>
  /** A token by which a browser may read this one job for 15 minutes, as `?token=`. */
  token(id: string, options?: CallOptions): Promise<JobTokenResource>
  /** The output of a job that succeeded, of whatever size. */
  output(id: string, options?: CallOptions): Promise<NonNullable<JobResource["output"]>>
}

export interface JobsDependencies extends Omit<WaitForJobDependencies, "get"> {
  readonly random: () => number
  readonly transport: Transport
  readonly newIdempotencyKey: () => string
}

export function createJobs({ transport, newIdempotencyKey, sleep, now, random }: JobsDependencies): Jobs {
  const get: Jobs["get"] = (id, { waitMs = 0, expand, signal } = {}) =>
    transport.json({
      method: "GET",
      path: jobPath(id),
      query: { ...waitQuery(waitMs), expand },
      extraTimeMs: waitMs,
      signal,
    })
  const submit: Jobs["submit"] = (request, { idempotencyKey = newIdempotencyKey(), waitMs = 0, signal } = {}) =>
    transport.json({
      method: "POST",
      path: "/v1/jobs",
      query: waitQuery(waitMs),
      headers: { "idempotency-key": idempotencyKey },
      body: request,
      repeatable: "safely",
      extraTimeMs: waitMs,
      signal,
    })
  return {
    submit,
    get,
    wait: createWaitForJob({ get, sleep, now }),
    stream: createStreamJob({ transport, submit, pathOf: jobPath, sleep, now, random }),
    list: ({ metadata, ...filters } = {}, { signal } = {}) =>
      listResource(transport, { path: "/v1/jobs", query: { ...filters, ...metadataQuery(metadata) }, signal }),
    cancel: (id, { signal } = {}) => transport.json({ method: "POST", path: `${jobPath(id)}/cancel`, repeatable: "safely", signal }),
    delete: async (id, { signal } = {}) => {
      await transport.json({ method: "DELETE", path: jobPath(id), signal })
    },
    token: (id, { signal } = {}) => transport.json({ method: "POST", path: `${jobPath(id)}/token`, repeatable: "safely", signal }),
    output: (id, { signal } = {}) => transport.json({ method: "GET", path: `${jobPath(id)}/output`, signal }),
  }
}

function waitQuery(waitMs: number): { readonly wait?: number } {
  return waitMs > 0 ? { wait: waitMs / 1_000 } : {}
}

function jobPath(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`
}
