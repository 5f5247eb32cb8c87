import type { JobStore } from "@sluice/core"
import type { JobContext } from "./job-context.ts"
import { knownVersion } from "./job-document.ts"

/** Jobs with an event that nobody has fanned out. The plain condition is the index's own, the other one says it of a single event. */
export function findToFanOut({ toJobs, operations, toJob }: JobContext): JobStore["findToFanOut"] {
  return ({ at, limit }) =>
    operations.run("search for events to fan out", async () => {
      const filter = { "events.fannedOut": false, events: { $elemMatch: { fannedOut: false, at: { $lt: at } } }, ...knownVersion }
      const found = await toJobs((jobs) => jobs.find(filter, { limit, batchSize: limit + 1 }).toArray())
      return found.map(toJob)
    })
}

/** Marks events, so many at once; marking again is harmless. */
export function markFannedOut({ toJobs, operations }: JobContext): JobStore["markFannedOut"] {
  return async (events) => {
    if (events.length === 0) return
    const ids = [...new Set(events.map(({ jobId }) => jobId))].sort()
    const arrayFilters = [{ "event.id": { $in: events.map(({ eventId }) => eventId) } }]
    await operations.run(`marking ${events.length} events as fanned out`, () =>
      toJobs((jobs) => jobs.updateMany({ _id: { $in: ids } }, { $set: { "events.$[event].fannedOut": true } }, { arrayFilters })),
    )
  }
}
