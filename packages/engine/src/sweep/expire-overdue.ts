import { endedWait, newEventId, noTracer, type OverdueJob } from "@sluice/core"
import { deadlineExceeded } from "../execute/job-errors.ts"
import { traceEnd } from "../trace/trace-end.ts"
import { pageSize, type StepContext } from "./sweep-dependencies.ts"

/** Of one look; the next one goes on. */
const maxPages = 20
/** A running job's own execution ends it at its deadline; the sweep is for those whose execution is no more. */
const runningGraceMs = 5_000

/** Ends jobs that are past their deadline. */
export async function expireOverdue(context: StepContext): Promise<void> {
  const { store, clock, repaired, stillLeading } = context
  for (let page = 0; page < maxPages; page += 1) {
    const overdue = await store.findPastDeadline({ at: clock(), limit: pageSize })
    const outcomes = await Promise.all(overdue.map((job) => expire(context, job)))
    const count = outcomes.filter(Boolean).length
    repaired("expired", count)
    if (overdue.length < pageSize || count === 0) return
    await stillLeading()
  }
}

async function expire({ store, queue, signals, observer, clock, tracer = noTracer }: StepContext, job: OverdueJob): Promise<boolean> {
  const now = clock()
  if (job.status === "running" && now.getTime() - job.deadline.getTime() < runningGraceMs) return false
  const error = deadlineExceeded({ createdAt: job.createdAt, now, lastCause: job.waiting })
  const ending = {
    status: "expired",
    at: now,
    eventId: newEventId({ at: now }),
    attempts: [],
    error,
    waited: endedWait(job, { at: now }),
  } as const
  const { applied } = await store.abandon({ id: job.id, run: job.run, ending })
  if (!applied) return false
  signals.announceFinished({ id: job.id })
  // Should an execution go on all the same, nobody wants its result any more.
  signals.announceCancelled({ id: job.id })
  traceEnd(tracer, { job, at: now, ending, waiting: job.waiting })
  observer.jobEnded({ job, ending })
  // The entry is harmless: a claim would be refused. It only should not lie about until its turn.
  void queue.remove(job).catch(() => undefined)
  return true
}
