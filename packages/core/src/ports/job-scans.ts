import type { Claim, FinalState, JobBase, Waiting } from "../job/job.ts"
import type { JobFacts, OutstandingJob } from "./job-store.ts"

/** A job that is being executed, without its input. */
export interface HeldJob extends JobFacts, Pick<JobBase, "rescues"> {
  /** What it waited for before it was claimed. */
  readonly waiting: Waiting | null
  readonly claim: Claim
}

/** A job that has ended, as far as its retention is concerned. */
export interface EndedJob extends Pick<JobBase, "id" | "tenantId"> {
  readonly finishedAt: Date
}

/**
 * How the reconciler walks through the jobs of all tenants, a bounded page at a time; no page holds an input or an output.
 * Jobs of a newer release are left to its processes. Every method rejects with `StorageUnavailableError` when the database
 * does not answer in time.
 */
export interface JobScans {
  /** The first route, by name, after this one, that has jobs in this status; null: there is none. */
  nextRoute(request: { readonly status: "queued" | "running"; readonly after: string | null }): Promise<string | null>
  /** Queued jobs of a route by id, from after this one on, that are due by this time or may run at once. */
  findOutstanding(request: {
    readonly route: string
    readonly after: string | null
    readonly dueBy: Date
    readonly limit: number
  }): Promise<readonly OutstandingJob[]>
  /** The same from the start, of those only that do not say that their route is missing. */
  findUnparked(request: { readonly route: string; readonly dueBy: Date; readonly limit: number }): Promise<readonly OutstandingJob[]>
  /** The first tenant, by name, after this one, of which jobs in line wait for the budget; null: there is none. */
  nextTenantOnBudget(request: { readonly after: string | null }): Promise<string | null>
  /** Jobs in line of a tenant that have waited for the budget since before that time. */
  findOnBudget(request: { readonly tenantId: string; readonly before: Date; readonly limit: number }): Promise<readonly OutstandingJob[]>
  /** Running jobs of a route by id, from after this one on, that were claimed before this time by a worker which is none of these. */
  findHeld(request: {
    readonly route: string
    readonly after: string | null
    readonly claimedBefore: Date
    readonly exceptWorkers: readonly string[]
    readonly limit: number
  }): Promise<readonly HeldJob[]>
  /** Running jobs that this worker claimed before this time. */
  findClaimedBy(request: { readonly workerId: string; readonly claimedBefore: Date; readonly limit: number }): Promise<readonly HeldJob[]>
  /**
   * Jobs that may be removed, the longest ended first: ended in this status before that time, or, where the job itself says
   * how long it is to be retained, when that time is over. Never one whose idempotency key still stands, or that must not be
   * removed (see `RemovalObstacle`).
   */
  findRetired(request: {
    readonly status: FinalState["status"]
    readonly at: Date
    readonly finishedBefore: Date
    readonly limit: number
  }): Promise<readonly EndedJob[]>
}
