import type { Clock } from "@sluice/core"

export interface Pace {
  /** How many may start now, at most `max`. Over any time these are no more than its seconds times `perSecond`, and one second's more. */
  take(request: { readonly id: string; readonly perSecond: number; readonly max: number }): number
  /** Forgets all but these. */
  keep(ids: readonly string[]): void
}

interface Bucket {
  tokens: number
  at: number
}

/** A token bucket for each id, which starts empty and holds no more than a second's worth. */
export function createPace(clock: Clock): Pace {
  const buckets = new Map<string, Bucket>()
  return {
    take({ id, perSecond, max }) {
      const now = clock().getTime()
      const bucket = buckets.get(id) ?? { tokens: 0, at: now }
      const gained = (Math.max(0, now - bucket.at) * perSecond) / 1_000
      const tokens = Math.min(perSecond, bucket.tokens + gained)
      const taken = Math.min(max, Math.floor(tokens))
      buckets.set(id, { tokens: tokens - taken, at: now })
      return taken
    },
    keep(ids) {
      for (const id of buckets.keys()) if (!ids.includes(id)) buckets.delete(id)
    },
  }
}
