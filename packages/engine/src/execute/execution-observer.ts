import type { Attempt, Ending, Endpoint, Job, RunningJob, Waiting } from "@sluice/core"

/**
 * What an execution tells about itself: for logs and metrics. A listener that throws breaks nothing; that is for
 * whoever supplies it to see to.
 */
export interface ExecutionObserver {
  /** One call to an endpoint has ended. */
  attemptEnded(event: { readonly job: RunningJob; readonly attempt: Attempt; readonly error: unknown }): void
  /** The first piece of a streamed answer came, so long after its call began. */
  firstPieceCame(event: { readonly endpoint: Endpoint; readonly afterMs: number }): void
  /** Embedding jobs went out as one call, the first of which had waited so long for the others. */
  batchSent(event: {
    readonly route: string
    readonly endpoint: string
    readonly jobs: number
    readonly texts: number
    readonly waitMs: number
  }): void
  /** A job was claimed, for the first time in its run or a further one. */
  jobStarted(event: { readonly job: RunningJob }): void
  /** The job is as it was before. */
  jobEnded(event: { readonly job: Job; readonly ending: Ending }): void
  jobHandedBack(event: { readonly job: RunningJob; readonly notBefore: Date | null; readonly waiting: Waiting | null }): void
  /** Another execution or a cancellation came first: this one's result was not written. */
  executionOvertaken(event: { readonly job: RunningJob; readonly refusal: string }): void
  /** No tier of the route may run for so long, whoever asks: workers need not fetch its jobs meanwhile. */
  routeBlocked(event: { readonly route: string; readonly forMs: number }): void
  /** Admission could not be asked or told; jobs wait, leases run out by themselves. */
  admissionFailed(error: unknown): void
  /** A job turned to a lower tier, and why. */
  jobDegraded(event: { readonly job: RunningJob; readonly tier: string; readonly reason: string }): void
  /** A write did not get through and is tried again. */
  writeDelayed(event: { readonly jobId: string; readonly error: unknown }): void
}
