import type {
  BlobStore,
  Clock,
  Ending,
  JobFacts,
  JobQueue,
  JobScans,
  JobSignals,
  JobStore,
  LeaseStore,
  QueueInventory,
  ResultCache,
  Retention,
  TenantDirectory,
  Tracer,
  UsageReports,
  WorkerRegistry,
} from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import type { AccountUsage } from "../usage/account-usage.ts"
import type { RepairKind } from "./repairs.ts"

export interface SweepObserver {
  /** The sweep ended a job. Its webhooks are seen to by those who look after events that nobody has fanned out. */
  readonly jobEnded: (event: { readonly job: JobFacts; readonly ending: Ending }) => void
  /** One look mended so many of a kind; told only when there were any. */
  repaired(event: { readonly kind: RepairKind; readonly count: number }): void
  /** Jobs wait for a route that the configuration does not have: an operator has to know. */
  routeMissing(event: { readonly route: string; readonly parked: number }): void
  /** A part of the sweep failed; the others went on. */
  stepFailed(event: { readonly step: string; readonly error: unknown }): void
}

export interface SweepDependencies {
  readonly store: JobStore
  readonly scans: JobScans
  readonly blobs: BlobStore
  readonly cache: ResultCache
  readonly queue: JobQueue
  readonly inventory: QueueInventory
  readonly signals: JobSignals
  readonly leases: LeaseStore
  readonly workers: Pick<WorkerRegistry, "live">
  readonly accountUsage: AccountUsage
  readonly usageReports: Pick<UsageReports, "removeBuckets">
  readonly catalog: () => Pick<Catalog, "routes"> & { readonly retention: Retention }
  readonly tenants: Pick<TenantDirectory, "settingsOf">
  readonly clock: Clock
  /** Who sweeps: one process at a time does. */
  readonly holder: string
  readonly observer: SweepObserver
  /** Left out: nothing is traced. */
  readonly tracer?: Tracer
}

/** What a part of the sweep works with. */
export interface StepContext extends SweepDependencies {
  readonly repaired: (kind: RepairKind, count: number) => void
  /** Renews the lease when it is time; rejects with `LeadershipLost` when another process leads by now. */
  readonly stillLeading: () => Promise<void>
}

/** Jobs of one page: what it holds of them is small, and a page is written to Redis within its budget. */
export const pageSize = 500
