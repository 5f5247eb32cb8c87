import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"

/** Takes jobs off the list of those that a sweep has to enqueue. A job of another run, that is gone, or is due anew since, is left alone. */
export function markEnqueued({ operations, writes }: JobContext): JobStore["markEnqueued"] {
  return (jobs) =>
    operations.run(`marking ${jobs.length} jobs as enqueued`, async (signal) => {
      const marks = jobs.map(({ id: _id, run, at }) =>
        writes.add({ filter: { _id, run, enqueueDueAt: { $lte: at } }, update: { $unset: { enqueueDueAt: "" } } }, signal),
      )
      await Promise.all(marks)
    })
}
