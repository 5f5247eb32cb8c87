import type { JobResource } from "../../packages/core/src/index.ts"
import type { Counters } from "./counters.ts"
import type { FaultName } from "./faults.ts"

/** A job as its caller knows it. */
export interface Submission {
  readonly index: number
  readonly prompt: string
  readonly jobId: string
  /** When it was sent for the first time. */
  readonly sentAtMs: number
  /** Ids that a repetition under the same idempotency key was answered with, where it was another one. */
  readonly otherIds: readonly string[]
  /** When the caller held the answer that said `cancelled`. */
  readonly cancelConfirmedAtMs: number | null
  /** Whether its end is to be told to the receiver of webhooks. */
  readonly wantsWebhook: boolean
  /** Its end as the caller was told who waited for it; null: nobody did. */
  readonly told: JobResource | null
}

/** A call as a provider's own ledger has it. */
export interface ProviderCall {
  readonly jobId: string
  /** By which the provider can recognise a repetition. */
  readonly idempotencyKey: string
  readonly atMs: number
  /** The provider did the work, whether or not anybody heard its answer. */
  readonly isPaid: boolean
}

/** A webhook as its receiver had it. */
export interface Receipt {
  readonly eventId: string
  readonly type: string
  readonly jobId: string
  readonly status: string
  readonly run: number
}

export interface InflictedStrike {
  readonly fault: FaultName
  readonly fromMs: number
  readonly untilMs: number
}

/** All that can be known from outside when a run is over. Times are milliseconds since the epoch. */
export interface Evidence {
  readonly submissions: readonly Submission[]
  /** What the API lists at the end. */
  readonly jobs: readonly JobResource[]
  /** The same a little later: whatever has ended must not have changed. */
  readonly jobsLater: readonly JobResource[]
  /** With attempts: the jobs for which providers were paid more than once. */
  readonly ledgers: readonly JobResource[]
  readonly calls: readonly ProviderCall[]
  readonly receipts: readonly Receipt[]
  readonly strikes: readonly InflictedStrike[]
  readonly counters: Counters
  /** The longest time for which this very process stood still: so much later than it was may a call seem. */
  readonly heldUpMs: number
}
