/** What became of the calls that ended within one second. */
interface Second {
  readonly second: number
  readonly calls: number
  readonly failures: number
  readonly slow: number
}

/** The calls of the recent past, by second; seconds without a call are left out. */
export type CallWindow = readonly Second[]

export interface CallCounts {
  readonly calls: number
  readonly failures: number
  readonly slow: number
}

const none: CallCounts = { calls: 0, failures: 0, slow: 0 }

function secondsOf(windowMs: number): number {
  return Math.ceil(windowMs / 1_000)
}

/** The counts of the window that ends with the present second. */
export function countCalls(window: CallWindow, { windowMs, nowMs }: { readonly windowMs: number; readonly nowMs: number }): CallCounts {
  const before = Math.floor(nowMs / 1_000) - secondsOf(windowMs)
  return window
    .filter(({ second }) => second > before)
    .reduce(
      (sum, { calls, failures, slow }) => ({ calls: sum.calls + calls, failures: sum.failures + failures, slow: sum.slow + slow }),
      none,
    )
}

/** Adds a call that ended now, and drops what is older than `keepMs`. */
export function addCall(
  window: CallWindow,
  call: { readonly isFailure: boolean; readonly isSlow: boolean; readonly keepMs: number; readonly nowMs: number },
): CallWindow {
  // A clock that went back adds to the latest second.
  const second = Math.max(Math.floor(call.nowMs / 1_000), window.at(-1)?.second ?? 0)
  const kept = window.filter((each) => each.second < second && each.second > second - secondsOf(call.keepMs))
  const present = window.find((each) => each.second === second) ?? { second, ...none }
  return [
    ...kept,
    {
      second,
      calls: present.calls + 1,
      failures: present.failures + (call.isFailure ? 1 : 0),
      slow: present.slow + (call.isSlow ? 1 : 0),
    },
  ]
}
