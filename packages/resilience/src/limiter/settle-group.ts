import { allowedPerMinute, correctTokens, type Group, groupWaitMs, lowerGroup, pauseGroup, ratesOf } from "./group.ts"
import { growRate, type LearnedRate, learnFromRefusal } from "./learned-rate.ts"
import { type Limits, reportLimits, usablePerMinute } from "./limits.ts"
import { countRefused, recentTraffic } from "./traffic.ts"

/** An allowance as a provider reports it; null where it says nothing. */
export interface ReportedWindow {
  readonly limit: number | null
  readonly remaining: number | null
  readonly resetMs: number | null
}

export interface ReportedLimits {
  readonly requests: ReportedWindow | null
  readonly tokens: ReportedWindow | null
}

/** What a call says about its group's allowance. */
export interface GroupResult {
  readonly outcome: "success" | "failure" | "ignore"
  readonly latencyMs: number
  readonly tokensReserved: number
  /** Null: unknown, so the reservation stands. */
  readonly tokensUsed: number | null
  /** The provider refused it for its allowance (429). */
  readonly throttled: boolean
  readonly retryAfterMs: number | null
  readonly reported: ReportedLimits | null
}

/** A pause whose end the provider did not name, doubled with each further one. */
const blindPauseMs = 1_000
const maxBlindPauseMs = 30_000
/** However far off an end the provider named: limits change, and one call an hour costs nothing. */
const maxPauseMs = 3_600_000
/** From so many refusals on, if they are a fifth of the calls, it is the group that is refused and not the call. */
const commonRefusals = 2
const callsPerCommonRefusal = 5

/**
 * Takes in what a call says: corrects its tokens, lowers the buckets to what the provider reports, and answers a refusal by
 * a pause, a lower rate, or nothing: an isolated refusal is the refused job's own.
 */
export function settleGroup(group: Group, result: GroupResult, nowMs: number): Group {
  const corrected =
    result.tokensUsed === null ? group : correctTokens(group, { reserved: result.tokensReserved, used: result.tokensUsed, nowMs })
  const informed = takeReport(corrected, result)
  if (result.throttled) return refuse(informed, { ...result, isLimitLowered: isLower(informed, corrected) }, nowMs)
  if (result.outcome !== "success") return informed
  const traffic = recentTraffic(informed.traffic, nowMs)
  const learned = growRate(informed.learned, { knownPerMinute: usablePerMinute(informed.limits).requests, traffic })
  return { ...informed, learned, blindPauses: 0 }
}

/** The report is as old as the call, so what was refilled since is added to what it says is left. */
function takeReport(group: Group, { reported, latencyMs }: GroupResult): Group {
  if (reported === null) return group
  const { requests, tokens } = reported
  const told = { ...group, limits: reportLimits(group.limits, { requests: requests?.limit ?? null, tokens: tokens?.limit ?? null }) }
  const rates = ratesOf(told)
  const left = (window: ReportedWindow | null, rate: number | null): number | null =>
    window === null || window.remaining === null || window.remaining < 0 || rate === null ? null : window.remaining + latencyMs * rate
  return lowerGroup(told, { requests: left(requests, rates.requests), tokens: left(tokens, rates.tokens) })
}

function isLower(group: Group, before: Group): boolean {
  const [now, then] = [allowedPerMinute(group).requests, allowedPerMinute(before).requests]
  return now !== null && (then === null || now < then)
}

function refuse(group: Group, result: GroupResult & { readonly isLimitLowered: boolean }, nowMs: number): Group {
  const counted = { ...group, traffic: countRefused(group.traffic, nowMs) }
  const traffic = recentTraffic(counted.traffic, nowMs)
  const isExhausted = result.reported?.requests?.remaining === 0 || result.reported?.tokens?.remaining === 0
  const isCommon = traffic.refusals >= commonRefusals && traffic.refusals * callsPerCommonRefusal >= traffic.starts
  const slowed = result.isLimitLowered || isReported(counted.limits) ? counted : { ...counted, learned: learn(counted, result, nowMs) }
  return isExhausted || isCommon ? pause(slowed, result, nowMs) : slowed
}

/** The limit that holds is the provider's own word: there is nothing to be learned. */
function isReported({ reported, configured }: Limits): boolean {
  return reported.requests !== null && reported.requests <= (configured.requests ?? Number.POSITIVE_INFINITY)
}

function learn(group: Group, { latencyMs }: GroupResult, nowMs: number): LearnedRate {
  return learnFromRefusal(group.learned, {
    allowedPerMinute: allowedPerMinute(group).requests,
    traffic: recentTraffic(group.traffic, nowMs),
    startedAtMs: nowMs - latencyMs,
    promisedMs: groupWaitMs(group, nowMs),
    nowMs,
  })
}

function pause(group: Group, { retryAfterMs, reported }: GroupResult, nowMs: number): Group {
  if (retryAfterMs !== null) return pauseGroup(group, nowMs + Math.min(retryAfterMs, maxPauseMs))
  if (nowMs < group.pausedUntilMs) return group
  const ms = Math.min(blindPauseMs * 2 ** group.blindPauses, maxBlindPauseMs, resetOf(reported))
  return { ...pauseGroup(group, nowMs + ms), blindPauses: group.blindPauses + 1 }
}

/** When what is used up is full again: no pause need be longer. */
function resetOf(reported: ReportedLimits | null): number {
  const resets = [reported?.requests, reported?.tokens].flatMap((window) =>
    window?.remaining === 0 ? [window.resetMs ?? maxBlindPauseMs] : [],
  )
  return resets.length === 0 ? maxBlindPauseMs : Math.max(...resets)
}
