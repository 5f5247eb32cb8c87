import type { JobStore } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import { type DeliveryDocument, deliveriesCollection } from "../deliveries/delivery-document.ts"
import type { Sealer } from "../encryption/sealer.ts"
import { createGroupCommit, defaultFlushBounds, type FlushReport } from "../group-commit/group-commit.ts"
import type { Upgrades, Versioned } from "../migrations/upgrade.ts"
import type { Operations } from "../operations/operations.ts"
import type { Lane, StoreOptions } from "../store-options.ts"
import { abandonJob } from "./abandon-job.ts"
import { cancelJob } from "./cancel-job.ts"
import { claimJob } from "./claim-job.ts"
import { type ClaimRequest, claimBytes, commitClaims } from "./claim-lane.ts"
import { findToFanOut, markFannedOut } from "./fan-out.ts"
import { findByKey } from "./find-by-key.ts"
import { findJob } from "./find-job.ts"
import { findOvertaken } from "./find-overtaken.ts"
import { finishJob } from "./finish-job.ts"
import { fromDocument } from "./from-document.ts"
import { glanceAtJobs } from "./glance-at-jobs.ts"
import { handBackJob } from "./hand-back-job.ts"
import { insertJob } from "./insert-job.ts"
import { commitInserts, insertBytes } from "./insert-lane.ts"
import type { JobContext } from "./job-context.ts"
import { currentJobDocument, type JobDocument, jobsCollection } from "./job-document.ts"
import { createJobReads } from "./job-reads.ts"
import { listJobs } from "./list-jobs.ts"
import { markEnqueued } from "./mark-enqueued.ts"
import { parkJob } from "./park-job.ts"
import { findRemovalObstacle, removeJob } from "./remove-job.ts"
import { replayJob } from "./replay-job.ts"
import { rescueJob } from "./rescue-job.ts"
import { resumeJob } from "./resume-job.ts"
import { findDueToEnqueue, findPastDeadline } from "./sweeps.ts"
import { commitUpdates, type JobUpdate, updateBytes } from "./update-lane.ts"

export interface JobStoreOptions extends Pick<StoreOptions, "flush" | "report"> {
  readonly database: Database
  readonly operations: Operations
  readonly sealer: Sealer
  /** The real ones unless a test brings its own. */
  readonly upgrades?: Upgrades | undefined
}

/** The `JobStore` on a database that has its indexes. */
export function createJobStore(options: JobStoreOptions): JobStore {
  const context = createContext(options)
  return {
    insert: insertJob(context),
    claim: claimJob(context),
    handBack: handBackJob(context),
    finish: finishJob(context),
    abandon: abandonJob(context),
    rescue: rescueJob(context),
    park: parkJob(context),
    resume: resumeJob(context),
    replay: replayJob(context),
    cancel: cancelJob(context),
    find: findJob(context),
    glance: glanceAtJobs(context),
    findByKey: findByKey(context),
    list: listJobs(context),
    findOvertaken: findOvertaken(context),
    findRemovalObstacle: findRemovalObstacle(context),
    remove: removeJob(context),
    findDueToEnqueue: findDueToEnqueue(context),
    markEnqueued: markEnqueued(context),
    findPastDeadline: findPastDeadline(context),
    findToFanOut: findToFanOut(context),
    markFannedOut: markFannedOut(context),
  }
}

function createContext({ database, operations, sealer, upgrades, flush, report }: JobStoreOptions): JobContext {
  const toJobs = sendTo<JobDocument>(database, jobsCollection)
  const toJob = (document: Versioned) => fromDocument(currentJobDocument(document, upgrades), sealer)
  const bounds = { ...defaultFlushBounds, ...flush }
  const reporting = (lane: Lane) => (report ? { report: (flushed: FlushReport) => report({ lane, ...flushed }) } : {})
  return {
    toJobs,
    toDeliveries: sendTo<DeliveryDocument>(database, deliveriesCollection),
    operations,
    sealer,
    toJob,
    reads: createJobReads(toJobs, toJob),
    inserts: createGroupCommit({
      commit: (items: readonly JobDocument[]) => commitInserts(toJobs, items),
      bytesOf: insertBytes,
      compare: (a, b) => compareIds(a._id, b._id),
      bounds,
      ...reporting("inserts"),
    }),
    claims: createGroupCommit({
      commit: (items: readonly ClaimRequest[]) => commitClaims(toJobs, items),
      bytesOf: () => claimBytes,
      compare: (a, b) => compareIds(a.id, b.id),
      bounds,
      ...reporting("claims"),
    }),
    writes: createGroupCommit({
      commit: (items: readonly JobUpdate[]) => commitUpdates(toJobs, items),
      bytesOf: updateBytes,
      compare: (a, b) => compareIds(a.filter._id, b.filter._id),
      bounds,
      ...reporting("writes"),
    }),
  }
}

function compareIds(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
