import type { ReplayResource } from "@sluice/core"

export interface ReplayShares {
  /** Of what it matched, from 0 to 1. */
  readonly started: number
  readonly succeeded: number
  readonly failed: number
  /** Runs that have begun and not ended. */
  readonly atWork: number
}

type Counts = Pick<ReplayResource, "matched" | "requeued" | "succeeded" | "failed" | "cancelled" | "skipped">

/** How far a replay is. What was skipped counts as done: nothing will come of it. */
export function sharesOf({ matched, requeued, succeeded, failed, cancelled, skipped }: Counts): ReplayShares {
  const shareOf = (count: number) => (matched === 0 ? 0 : Math.min(1, count / matched))
  return {
    started: matched === 0 ? 1 : shareOf(requeued + skipped),
    succeeded: shareOf(succeeded),
    failed: shareOf(failed),
    atWork: Math.max(0, requeued - succeeded - failed - cancelled),
  }
}
