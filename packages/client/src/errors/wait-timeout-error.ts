import type { JobResource } from "@sluice/core"
import { isMarked } from "./is-marked.ts"

const marker = Symbol.for("sluice.client.WaitTimeoutError")

/** The job had not ended when the caller's patience did. It goes on, and can be waited for again. */
export class WaitTimeoutError extends Error {
  readonly [marker] = true
  /** As it was seen last. */
  readonly job: JobResource

  constructor({ job, timeoutMs }: { readonly job: JobResource; readonly timeoutMs: number }) {
    super(`${job.id} is still ${job.status} after ${timeoutMs} ms. It goes on; wait for it again.`)
    this.name = "WaitTimeoutError"
    this.job = job
  }

  /** As `instanceof`, and across copies of this package. */
  static isInstance(error: unknown): error is WaitTimeoutError {
    return isMarked(error, marker)
  }
}
