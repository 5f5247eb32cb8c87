/** Written by the database's own clock with each change, so that the clocks of the processes do not matter. */
export interface Changing {
  readonly changedAt: Date
}

/** Goes into each update that other processes have to hear of. */
export const noteChange = { $currentDate: { changedAt: true } } as const

/**
 * How far before the mark is looked again: a write takes its time until it can be seen, and the clocks of a replica set's
 * members, which should agree to well within this, take turns.
 */
const overlapMs = 60_000

/** What may have changed since a mark; without one, everything. */
export function sinceMark(mark: Date | null) {
  return mark === null ? {} : { changedAt: { $gte: new Date(mark.getTime() - overlapMs) } }
}

/** The mark for the next time. */
export function nextMark(mark: Date | null, changed: readonly Changing[]): Date {
  return new Date(Math.max(mark?.getTime() ?? 0, ...changed.map(({ changedAt }) => changedAt.getTime())))
}
