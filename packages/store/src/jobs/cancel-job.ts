import { isFinal, type JobStore, maxWaitsKept } from "@sluice/core"
import type { Document } from "mongodb"
import { TryAgain } from "../errors/try-again.ts"
import type { JobContext } from "./job-context.ts"
import { knownVersion, unfinished } from "./job-document.ts"
import type { JobUpdate } from "./update-lane.ts"

type CancelRequest = Parameters<JobStore["cancel"]>[0]

/** Ends a job at its caller's wish, and returns it as it is then. */
export function cancelJob(context: JobContext): JobStore["cancel"] {
  return (request) =>
    context.operations.run(`cancellation of ${request.id}`, async (signal) => {
      await context.writes.add(updateOf(request), signal)
      const job = await context.reads.jobOfTenant(request)
      if (!job) return { kind: "missing" }
      if (job.events.some(({ id }) => id === request.eventId)) return { kind: "cancelled", job }
      if (isFinal(job)) return { kind: "already_final", job }
      throw new TryAgain("the job changed while it was cancelled")
    })
}

/** A pipeline, since the event names the run, which the caller does not know. */
function updateOf({ tenantId, id, at, eventId }: CancelRequest): JobUpdate {
  const event = { id: { $literal: eventId }, type: "job.cancelled", run: "$run", at, fannedOut: false }
  const ended = { status: "cancelled", finishedAt: at, cancelRequestedAt: at, accountDueAt: at }
  const set = { ...ended, waits: waitsAt(at), events: { $concatArrays: ["$events", [event]] } }
  return {
    filter: { _id: id, tenantId, status: { $in: unfinished }, ...knownVersion },
    update: [{ $set: set }, { $unset: ["claim", "notBefore", "waiting", "enqueueDueAt"] }],
  }
}

/** The job's waits with the one that ends now, as `endedWait` has it: only the database knows what it waits for. */
function waitsAt(at: Date): Document {
  const known = { $ifNull: ["$waits", []] }
  const end = { $ifNull: ["$claim.at", at] }
  const { reason, endpoint, from } = { reason: "$waiting.reason", endpoint: "$waiting.endpoint", from: "$waiting.since" }
  const ended = { run: "$run", reason, endpoint, from, to: { $cond: [{ $lt: [end, from] }, from, end] } }
  const isWaiting = { $ne: [{ $ifNull: ["$waiting.reason", null] }, null] }
  return { $cond: [isWaiting, { $slice: [{ $concatArrays: [known, [ended]] }, -maxWaitsKept] }, known] }
}
