import type { Ending, JobFacts, Tracer, Waiting } from "@sluice/core"
import { jobAttributes, waitAttributes } from "./trace-execution.ts"

/** An end that no execution brought about. */
export interface OuterEnd {
  readonly job: JobFacts
  readonly at: Date
  readonly ending: { readonly status: "cancelled" } | Pick<Extract<Ending, { error: object }>, "status" | "error">
  /** What it was waiting for, where that is known. */
  readonly waiting?: Waiting | null
}

const verbs = { cancelled: "cancel", expired: "expire", failed: "fail" } as const

/** The last step of a job whose end no execution tells of: its caller's, its deadline's, or that of a job which loses its workers. */
export function traceEnd(tracer: Tracer, { job, at, ending, waiting = null }: OuterEnd): void {
  const span = tracer.start({ name: `${verbs[ending.status]} ${job.route}`, parent: job.traceparent, at })
  if (span.isRecording) {
    span.set({ ...jobAttributes(job), "sluice.job.status": ending.status })
    if (waiting) span.add({ name: "sluice.waited", attributes: waitAttributes(waiting, at), at })
    if ("error" in ending) span.fail(ending.error.type)
  }
  span.end()
}
