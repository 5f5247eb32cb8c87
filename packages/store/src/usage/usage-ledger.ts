import { randomUUID } from "node:crypto"
import type { UsageLedger, UsagePage } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import { TryAgain } from "../errors/try-again.ts"
import { type JobDocument, jobsCollection } from "../jobs/job-document.ts"
import type { Operations } from "../operations/operations.ts"
import { findUnaccounted } from "./find-unaccounted.ts"
import { markAccounted } from "./mark-accounted.ts"
import { toUsageRow, type UsageDocument, type UsagePageDocument, usageCollection, usagePagesCollection } from "./usage-document.ts"
import { writeUsageRows } from "./write-usage-rows.ts"

export interface UsageStoreOptions {
  readonly database: Database
  readonly operations: Operations
}

const _id = "current"

/** The `UsageLedger` on a database that has its indexes. */
export function createUsageLedger({ database, operations }: UsageStoreOptions): UsageLedger {
  const toJobs = sendTo<JobDocument>(database, jobsCollection)
  const toUsage = sendTo<UsageDocument>(database, usageCollection)
  const toPages = sendTo<UsagePageDocument>(database, usagePagesCollection)

  async function page(): Promise<UsagePage> {
    const found = await toPages((pages) => pages.findOne({ _id }))
    if (found) return found
    const first = { number: 0, isClosed: true, jobs: [], rows: [] }
    await toPages((pages) => pages.updateOne({ _id }, { $setOnInsert: first }, { upsert: true }))
    return first
  }

  return {
    page: () => operations.run("page of the usage ledger", page),
    findUnaccounted: ({ limit }) => operations.run("search for usage to account", () => findUnaccounted(toJobs, limit)),
    findRows: (ids) =>
      operations.run("read of usage", async () => {
        const found = await toUsage((usage) => usage.find({ _id: { $in: [...ids] } }, { batchSize: ids.length + 1 }).toArray())
        return found.map(toUsageRow)
      }),
    openPage(opening) {
      const by = randomUUID()
      const { number, jobs, rows } = opening
      return operations.run("opening of a page of the usage ledger", async () => {
        const set = { number, jobs, rows, isClosed: false, by }
        const { matchedCount } = await toPages((pages) => pages.updateOne({ _id, number: number - 1, isClosed: true }, { $set: set }))
        if (matchedCount === 1) return true
        const found = await toPages((pages) => pages.findOne({ _id }))
        if (!found) throw new TryAgain("the usage ledger was removed")
        return found.number === number && found.by === by
      })
    },
    writeRows: ({ number, rows }) => operations.run("write of usage", () => writeUsageRows(toUsage, number, rows)),
    markAccounted: ({ number, jobs }) => operations.run("marking of accounted jobs", () => markAccounted(toJobs, number, jobs)),
    closePage: ({ number }) =>
      operations.run("closing of a page of the usage ledger", async () => {
        await toPages((pages) => pages.updateOne({ _id, number }, { $set: { isClosed: true, jobs: [], rows: [] } }))
      }),
  }
}
