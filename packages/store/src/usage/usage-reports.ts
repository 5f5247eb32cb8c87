import { allTenants, type UsageGroup, type UsageGrouping, type UsageReports, type UsageRow, usageFigures } from "@sluice/core"
import type { Document } from "mongodb"
import { sendTo } from "../connection/database.ts"
import { type JobDocument, jobsCollection } from "../jobs/job-document.ts"
import { present } from "../present.ts"
import { type UsageDocument, usageCollection } from "./usage-document.ts"
import type { UsageStoreOptions } from "./usage-ledger.ts"

/** As good as every window in one reply. */
const rowsOfAReply = 10_000

/** The id says once more what the row says, at the length of a line. */
const rowProjection = { _id: 0, page: 0 } as const

type SumDocument = { readonly _id: Readonly<Record<string, string | Date | null>> } & Readonly<Record<string, number>>

/** The `UsageReports` on a database that has its indexes. */
export function createUsageReports({ database, operations }: UsageStoreOptions): UsageReports {
  const toUsage = sendTo<UsageDocument>(database, usageCollection)
  const toJobs = sendTo<JobDocument>(database, jobsCollection)
  return {
    sum: ({ filter, by, limit }) =>
      operations.run("sum of usage", async () => {
        const { from, to, ...equal } = filter
        const selected = { grain: "day", at: { $gte: from, $lte: to }, ...present(equal) }
        const pipeline = [{ $match: selected }, { $group: groupOf(by) }, { $sort: sortOf(by) }, { $limit: limit }]
        const sums = await toUsage((usage) => usage.aggregate<SumDocument>(pipeline).toArray())
        return sums.map(({ _id, ...figures }) => ({ group: toGroup(_id), figures }))
      }),
    buckets: ({ grain, tenantId, route, from }) =>
      operations.run("read of usage by time", async () => {
        const filter = { grain, tenantId, at: { $gte: from }, ...(route !== null && { route }) }
        return await toUsage((usage) => usage.find<UsageRow>(filter, { projection: rowProjection, batchSize: rowsOfAReply }).toArray())
      }),
    unaccountedSince: () =>
      operations.run("search for the oldest usage to account", async () => {
        const options = { sort: { accountDueAt: 1 }, projection: { accountDueAt: 1 } } as const
        const found = await toJobs((jobs) => jobs.findOne({ accountDueAt: { $gt: new Date(0) } }, options))
        return found?.accountDueAt ?? null
      }),
    removeBuckets: ({ grain, of, before }) =>
      operations.run("removal of old usage by time", async () => {
        const tenantId = of === "all" ? allTenants : { $ne: allTenants }
        await toUsage((usage) => usage.deleteMany({ grain, tenantId, at: { $lt: before } }))
      }),
  }
}

function fieldOf(grouping: UsageGrouping): string {
  if (grouping === "day") return "at"
  return grouping === "tenant" ? "tenantId" : grouping
}

function groupOf(by: readonly UsageGrouping[]): Document & { _id: Document } {
  return {
    _id: Object.fromEntries(by.map((grouping) => [grouping, `$${fieldOf(grouping)}`])),
    ...Object.fromEntries(usageFigures.map((figure) => [figure, { $sum: `$figures.${figure}` }])),
  }
}

/** A sort needs a key, also where there is but one group. */
function sortOf(by: readonly UsageGrouping[]): Document {
  return by.length === 0 ? { jobs: 1 } : Object.fromEntries(by.map((grouping) => [`_id.${grouping}`, 1]))
}

function toGroup(id: SumDocument["_id"]): UsageGroup {
  return Object.fromEntries(
    Object.entries(id).map(([key, value]) => [key, value instanceof Date ? value.toISOString().slice(0, 10) : value]),
  )
}
