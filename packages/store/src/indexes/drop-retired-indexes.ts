import { type Database, sendTo } from "../connection/database.ts"
import { type JobDocument, jobsCollection } from "../jobs/job-document.ts"
import type { Operations } from "../operations/operations.ts"

/** Indexes of `jobs` that earlier releases made and that nothing reads by any more. A name is not used again for another shape. */
const retiredNames: readonly string[] = ["tenant_created", "tenant_quality", "tenant_tier", "batch_ends"]

export interface DropRetiredIndexesOptions {
  readonly database: Database
  readonly operations: Operations
}

/**
 * Drops what would only cost at each write, and resolves to the names. To be called when no process of an older release is left, which
 * would miss them, and make them anew when it starts. May be repeated.
 */
export function createDropRetiredIndexes({ database, operations }: DropRetiredIndexesOptions): () => Promise<readonly string[]> {
  const toJobs = sendTo<JobDocument>(database, jobsCollection)
  return () =>
    operations.run("removal of indexes that are not needed any more", async () => {
      const found = (await toJobs((jobs) => jobs.indexes())).flatMap(({ name = "" }) => (retiredNames.includes(name) ? [name] : []))
      for (const name of found) await toJobs((jobs) => jobs.dropIndex(name))
      return found
    })
}
