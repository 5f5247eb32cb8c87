import type { AccountedJob } from "@sluice/core"
import type { SendTo } from "../connection/database.ts"
import type { JobDocument } from "../jobs/job-document.ts"

/**
 * Notes what a page has of its jobs. Those to which nothing has been added since leave the index of what is to be accounted.
 * Most jobs of a page have the same counts, so that a few statements serve them all.
 */
export async function markAccounted(toJobs: SendTo<JobDocument>, page: number, jobs: readonly AccountedJob[]): Promise<void> {
  const statements = Array.from(Map.groupBy(jobs, ({ calls, ends }) => `${calls} ${ends}`).values(), (group) => statementsOf(page, group))
  const [done, changed] = [statements.map(([first]) => first), statements.map(([, second]) => second)]
  if (done.length === 0) return
  const { matchedCount } = await toJobs((collection) => collection.bulkWrite(done, { ordered: false }))
  if (matchedCount < jobs.length) await toJobs((collection) => collection.bulkWrite(changed, { ordered: false }))
}

function statementsOf(page: number, group: readonly AccountedJob[]) {
  const [calls, ends] = [group[0]?.calls ?? 0, group[0]?.ends ?? 0]
  const ids = group.map(({ id }) => id).sort()
  const earlier = { _id: { $in: ids }, "accounted.page": { $not: { $gte: page } } }
  const set = { accounted: { page, calls, ends } }
  return [
    {
      updateMany: {
        filter: { ...earlier, attemptCount: calls, events: { $size: ends } },
        update: { $set: set, $unset: { accountDueAt: "" } },
      },
    },
    { updateMany: { filter: earlier, update: { $set: set } } },
  ] as const
}
