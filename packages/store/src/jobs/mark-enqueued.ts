import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"

/** Takes jobs off the list of those that a sweep has to enqueue. A job of another run, or that is gone, is left alone. */
export function markEnqueued({ operations, writes }: JobContext): JobStore["markEnqueued"] {
  return (jobs) =>
    operations.run(`marking ${jobs.length} jobs as enqueued`, async (signal) => {
      const marks = jobs.map(({ id, run }) => writes.add({ filter: { _id: id, run }, update: { $unset: { enqueueDueAt: "" } } }, signal))
      await Promise.all(marks)
    })
}
