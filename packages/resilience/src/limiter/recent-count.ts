/**
 * A count over the recent past for the price of two numbers: the present slot of time and the one before it. What it says
 * covers between one and two slots.
 */
export interface RecentCount {
  /** Number of the present slot: time divided by the length of a slot, rounded down. */
  readonly slot: number
  readonly current: number
  readonly previous: number
}

export const noCount: RecentCount = { slot: 0, current: 0, previous: 0 }

/** The count as it stands in the slot. A clock that went back leaves it as it is. */
function at(count: RecentCount, slot: number): RecentCount {
  if (slot <= count.slot) return count
  return { slot, current: 0, previous: slot === count.slot + 1 ? count.current : 0 }
}

export function addTo(count: RecentCount, slot: number, amount: number): RecentCount {
  const now = at(count, slot)
  return { ...now, current: now.current + amount }
}

/** Everything counted in the present slot and the one before. */
export function recentSum(count: RecentCount, slot: number): number {
  const now = at(count, slot)
  return now.current + now.previous
}

/** An estimate for exactly one slot's length until now: of the slot before only the share that is not yet over. */
export function slidingSum(count: RecentCount, { nowMs, slotMs }: { readonly nowMs: number; readonly slotMs: number }): number {
  const now = at(count, Math.floor(nowMs / slotMs))
  return now.current + now.previous * (1 - (nowMs % slotMs) / slotMs)
}
