export type DisableReason = "credential" | "quota"

/** A credential that was rejected, or whose quota is used up. It is tried again by one call after a time that doubles. */
export interface DisabledCredential {
  readonly reason: DisableReason
  readonly sinceMs: number
  readonly untilMs: number
  /** How often it was found disabled in a row. */
  readonly times: number
  /** The call that finds out whether it works again. */
  readonly probe: { readonly lease: string; readonly untilMs: number } | null
}

const firstDisableMs = 30_000
const maxDisableMs = 600_000
/** However far off an end the provider named: bans are lifted and quotas raised. */
const maxRetryAfterMs = 3_600_000

function disableMs(times: number, retryAfterMs: number | null): number {
  return Math.max(Math.min(firstDisableMs * 2 ** (times - 1), maxDisableMs), Math.min(retryAfterMs ?? 0, maxRetryAfterMs))
}

/** A call was rejected. Those that were under way when it was disabled do not count again. */
export function disableCredential(
  state: DisabledCredential | null,
  options: { readonly reason: DisableReason; readonly lease: string; readonly retryAfterMs: number | null; readonly nowMs: number },
): DisabledCredential {
  const { reason, lease, retryAfterMs, nowMs } = options
  if (state !== null && nowMs < state.untilMs && state.probe?.lease !== lease) return state
  const times = (state?.times ?? 0) + 1
  return { reason, sinceMs: state?.sinceMs ?? nowMs, untilMs: nowMs + disableMs(times, retryAfterMs), times, probe: null }
}

/** A call was not rejected. Only the probe's word counts: the others began before. */
export function probeCredential(
  state: DisabledCredential,
  { lease, isAccepted }: { readonly lease: string; readonly isAccepted: boolean },
): DisabledCredential | null {
  if (state.probe?.lease !== lease) return state
  return isAccepted ? null : { ...state, probe: null }
}
