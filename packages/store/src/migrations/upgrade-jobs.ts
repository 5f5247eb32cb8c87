import { jobSchemaVersion } from "@sluice/core"
import type { Document, Filter } from "mongodb"
import { type Database, sendTo } from "../connection/database.ts"
import { currentJobDocument, type JobDocument, jobsCollection } from "../jobs/job-document.ts"
import type { Operations } from "../operations/operations.ts"
import type { Upgrades } from "./upgrade.ts"

/** Documents of one batch: they are read whole, and each may be megabytes. */
const batchSize = 100

export interface UpgradeProgress {
  readonly upgraded: number
  /** Changed by somebody else while they were upgraded; they come again. */
  readonly contended: number
}

export interface UpgradeJobsRequest {
  /** Told after each batch, with the sums so far. */
  readonly onProgress?: ((progress: UpgradeProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface UpgradeJobsOptions {
  readonly database: Database
  readonly operations: Operations
  readonly upgrades?: Upgrades | undefined
}

/**
 * Writes jobs of older versions anew in the present one, batch by batch, while everything else runs: a job that changes
 * meanwhile is left for the next round. It may be interrupted at any time and begun again. Resolves when no older ones are
 * left, or at the signal.
 */
export function createUpgradeJobs({ database, operations, upgrades }: UpgradeJobsOptions) {
  const toJobs = sendTo<JobDocument>(database, jobsCollection)
  const older = { schemaVersion: { $lt: jobSchemaVersion } }

  function readBatch(after: string | null): Promise<JobDocument[]> {
    const filter: Filter<JobDocument> = after === null ? older : { ...older, _id: { $gt: after } }
    const options = { sort: { _id: 1 }, limit: batchSize } as const
    return operations.run("read of jobs to upgrade", () => toJobs((jobs) => jobs.find(filter, options).toArray()))
  }

  function writeBatch(documents: readonly JobDocument[]): Promise<number> {
    const writes = documents.map((document) => ({ updateOne: replacement(document, currentJobDocument(document, upgrades)) }))
    return operations.run("upgrade of jobs", async () => {
      const { matchedCount } = await toJobs((jobs) => jobs.bulkWrite(writes, { ordered: false }))
      return matchedCount
    })
  }

  return async ({ onProgress, signal }: UpgradeJobsRequest = {}): Promise<UpgradeProgress> => {
    let progress: UpgradeProgress = { upgraded: 0, contended: 0 }
    for (let after: string | null = null; signal?.aborted !== true; ) {
      const batch: JobDocument[] = await readBatch(after)
      const last = batch.at(-1)
      if (last === undefined && after === null) break
      // At the end: once more from the start, for what changed in between.
      after = last?._id ?? null
      if (batch.length === 0) continue
      const written = await writeBatch(batch)
      progress = { upgraded: progress.upgraded + written, contended: progress.contended + batch.length - written }
      onProgress?.(progress)
    }
    return progress
  }
}

/** Sets what the upgrade changed, provided that each such field still is as it was read. */
function replacement(before: Document, after: Document): { filter: Filter<JobDocument> & { _id: string }; update: Document } {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key])
  const unchanged = changed.map((key) => [key, key in before ? before[key] : { $exists: false }])
  const set = changed.filter((key) => key in after).map((key) => [key, after[key]])
  const unset = changed.filter((key) => !(key in after)).map((key) => [key, ""])
  return {
    filter: { _id: String(before._id), ...Object.fromEntries(unchanged) },
    update: { $set: Object.fromEntries(set), ...(unset.length > 0 && { $unset: Object.fromEntries(unset) }) },
  }
}
