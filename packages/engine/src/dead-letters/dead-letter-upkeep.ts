import type { Clock, DeadLetterStore, DeadLettersConfig, LeaseStore } from "@sluice/core"

type AlertRules = Exclude<DeadLettersConfig["alert"], "off">

export interface RateReport {
  readonly count: number
  /** In the window before the alert was raised. */
  readonly usual: number
  readonly windowMs: number
}

export interface DeadLetterObserver {
  /** Told once when dead letters come faster than they should. */
  rateGrew(report: RateReport): void
  /** Told once when that is over. */
  rateRecovered(report: RateReport): void
  /** Told how many were kept for as long as they may be. */
  discardedOld(count: number): void
}

export interface DeadLetterUpkeepDependencies {
  readonly deadLetters: DeadLetterStore
  readonly leases: LeaseStore
  readonly clock: Clock
  /** Who does it: one process at a time. */
  readonly holder: string
  readonly settings: () => DeadLettersConfig
  readonly observer: DeadLetterObserver
}

const leaseName = "dead-letters"
const leaseTtlMs = 90_000
const dayMs = 86_400_000
const batchSize = 1_000
/** What is left over is done at the next look. */
const maxBatches = 20

/**
 * One look after the dead letters: discards those that were kept long enough, and watches how fast new ones come. The alert's
 * state is the leader's own; a new leader raises again what it finds raised.
 */
export function createDeadLetterUpkeep(dependencies: DeadLetterUpkeepDependencies): () => Promise<{ readonly led: boolean }> {
  const { leases, holder } = dependencies
  let raisedOver: number | null = null
  return async () => {
    const led = await leases.acquire({ name: leaseName, holder, ttlMs: leaseTtlMs })
    if (!led) {
      raisedOver = null
      return { led }
    }
    await discardOld(dependencies)
    const { alert } = dependencies.settings()
    raisedOver = alert === "off" ? null : await watchRate(dependencies, alert, raisedOver)
    return { led }
  }
}

async function discardOld({ deadLetters, clock, settings, observer }: DeadLetterUpkeepDependencies): Promise<void> {
  const at = clock()
  const { retentionMs } = settings()
  const word = { by: "retention", reason: `Kept for ${Math.round((retentionMs / dayMs) * 100) / 100} days.`, at }
  const createdBefore = new Date(at.getTime() - retentionMs)
  let total = 0
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const count = await deadLetters.discardOld({ createdBefore, limit: batchSize, ...word })
    total += count
    if (count === 0) break
  }
  if (total > 0) observer.discardedOld(total)
}

/**
 * Compares the last window with the one before, and while the alert stands with what was usual when it was raised: a rate
 * that stays high is not normal because it has lasted. Returns what it stands over; null while there is no alert.
 */
async function watchRate(
  { deadLetters, clock, observer }: DeadLetterUpkeepDependencies,
  { windowMs, floor, factor }: AlertRules,
  raisedOver: number | null,
): Promise<number | null> {
  const until = clock()
  const from = new Date(until.getTime() - windowMs)
  const count = await deadLetters.countFailures({ from, until })
  const usual = raisedOver ?? (await deadLetters.countFailures({ from: new Date(from.getTime() - windowMs), until: from }))
  const isHigh = count > Math.max(floor, factor * usual)
  if (isHigh && raisedOver === null) observer.rateGrew({ count, usual, windowMs })
  if (!isHigh && raisedOver !== null) observer.rateRecovered({ count, usual, windowMs })
  return isHigh ? usual : null
}
