import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"

/**
 * Takes jobs off the list of those that a sweep has to enqueue. A job of another run, that is gone, or is due anew since, is left alone.
 * One statement for all of the same run and time: those are the jobs of a sweep's page, and a long line makes many pages.
 */
export function markEnqueued({ toJobs, operations }: JobContext): JobStore["markEnqueued"] {
  return (jobs) =>
    operations.run(`marking ${jobs.length} jobs as enqueued`, async () => {
      if (jobs.length === 0) return
      const groups = Map.groupBy(jobs, ({ run, at }) => `${run} ${at.getTime()}`).values()
      const statements = Array.from(groups, (group) => ({
        updateMany: {
          filter: {
            _id: { $in: group.map(({ id }) => id).sort() },
            run: group[0]?.run ?? 0,
            enqueueDueAt: { $lte: group[0]?.at ?? new Date(0) },
          },
          update: { $unset: { enqueueDueAt: "" } } as const,
        },
      }))
      await toJobs((collection) => collection.bulkWrite(statements, { ordered: false }))
    })
}
