import { createAccountUsage, createRemoveJob, type RemoveJob } from "@sluice/engine"
import type { ApiStore } from "./deferred-store.ts"

/** Removal of a job with all that belongs to it. */
export function buildRemoval({ jobs, blobs, cache, usage }: ApiStore): RemoveJob {
  return createRemoveJob({ store: jobs, blobs, cache, accountUsage: createAccountUsage({ ledger: usage }) })
}
