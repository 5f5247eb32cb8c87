import type { Job } from "@sluice/core"
import type { SendTo } from "../connection/database.ts"
import type { DeliveryDocument } from "../deliveries/delivery-document.ts"
import type { Sealer } from "../encryption/sealer.ts"
import type { GroupCommit } from "../group-commit/group-commit.ts"
import type { Versioned } from "../migrations/upgrade.ts"
import type { Operations } from "../operations/operations.ts"
import type { ClaimAnswer, ClaimRequest } from "./claim-lane.ts"
import type { JobDocument } from "./job-document.ts"
import type { JobReads } from "./job-reads.ts"
import type { JobUpdate, UpdateAnswer } from "./update-lane.ts"

/** What the operations on jobs share. */
export interface JobContext {
  readonly toJobs: SendTo<JobDocument>
  /** Where webhooks to a job's end are; here only to be removed with it. */
  readonly toDeliveries: SendTo<DeliveryDocument>
  readonly operations: Operations
  /** Makes a job of its document as it was found, of whatever version. */
  readonly toJob: (document: Versioned) => Job
  readonly sealer: Sealer
  readonly reads: JobReads
  /** New jobs. */
  readonly inserts: GroupCommit<JobDocument, "inserted">
  /** Claims; those that were not alone are read back. */
  readonly claims: GroupCommit<ClaimRequest, ClaimAnswer>
  /** All other updates, which are read back only when one of them may have lost. */
  readonly writes: GroupCommit<JobUpdate, UpdateAnswer>
}
