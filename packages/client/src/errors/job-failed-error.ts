import type { JobResource } from "@sluice/core"
import { isMarked } from "./is-marked.ts"

const marker = Symbol.for("sluice.client.JobFailedError")

/** A job that was run for its output ended without one: it failed, expired or was cancelled. Why is in `job.error`. */
export class JobFailedError extends Error {
  readonly [marker] = true
  readonly job: JobResource

  constructor(job: JobResource) {
    const why = job.error === null ? "" : `: ${job.error.type}: ${job.error.message}`
    super(`${job.id} ${job.status === "cancelled" ? "was cancelled" : job.status}${why}`)
    this.name = "JobFailedError"
    this.job = job
  }

  /** As `instanceof`, and across copies of this package. */
  static isInstance(error: unknown): error is JobFailedError {
    return isMarked(error, marker)
  }
}
