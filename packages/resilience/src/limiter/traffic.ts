/** What was seen of a group's calls, by second. */
export interface Traffic {
  /** The present second, since the epoch. */
  readonly second: number
  readonly starts: number
  readonly startsBefore: number
  readonly refusals: number
  readonly refusalsBefore: number
  /** The most starts in one second, less a tenth for each later second that had any: a pause leaves it as it is. */
  readonly peak: number
}

export const noTraffic: Traffic = { second: 0, starts: 0, startsBefore: 0, refusals: 0, refusalsBefore: 0, peak: 0 }

/** The last one to two seconds. */
export interface RecentTraffic {
  readonly starts: number
  readonly refusals: number
  readonly spanMs: number
  /** The most starts in one second of late. */
  readonly peakPerSecond: number
}

const peakKept = 0.9

function at(traffic: Traffic, nowMs: number): Traffic {
  const second = Math.floor(nowMs / 1_000)
  if (second <= traffic.second) return traffic
  const isNext = second === traffic.second + 1
  return {
    second,
    starts: 0,
    startsBefore: isNext ? traffic.starts : 0,
    refusals: 0,
    refusalsBefore: isNext ? traffic.refusals : 0,
    peak: traffic.starts > 0 ? Math.max(traffic.starts, traffic.peak * peakKept) : traffic.peak,
  }
}

export function countStarted(traffic: Traffic, nowMs: number): Traffic {
  const present = at(traffic, nowMs)
  return { ...present, starts: present.starts + 1 }
}

export function countRefused(traffic: Traffic, nowMs: number): Traffic {
  const present = at(traffic, nowMs)
  return { ...present, refusals: present.refusals + 1 }
}

export function recentTraffic(traffic: Traffic, nowMs: number): RecentTraffic {
  const present = at(traffic, nowMs)
  return {
    starts: present.starts + present.startsBefore,
    refusals: present.refusals + present.refusalsBefore,
    spanMs: 1_000 + (nowMs % 1_000),
    peakPerSecond: Math.max(present.starts, present.peak),
  }
}
