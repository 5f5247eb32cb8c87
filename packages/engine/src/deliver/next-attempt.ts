import type { Random } from "@sluice/core"

export interface NextAttemptRequest {
  readonly scheduleMs: readonly number[]
  /** Tries of this round, the last one included. */
  readonly triesMade: number
  readonly retryAfterMs: number | null
  readonly now: Date
  readonly random: Random
}

const spread = 0.1
/** A receiver may ask for more time than the schedule gives, up to this. */
const maxRetryAfterMs = 86_400_000

/**
 * When a delivery is tried next; null when the schedule is at its end. Each wait is up to a tenth longer than the schedule
 * says, so that deliveries which failed together do not return together. A receiver's `Retry-After` is never undercut.
 */
export function nextAttemptAt({ scheduleMs, triesMade, retryAfterMs, now, random }: NextAttemptRequest): Date | null {
  const scheduled = scheduleMs[triesMade]
  if (scheduled === undefined) return null
  const waitMs = Math.max(scheduled, Math.min(retryAfterMs ?? 0, maxRetryAfterMs))
  return new Date(now.getTime() + Math.round(waitMs * (1 + spread * random())))
}
