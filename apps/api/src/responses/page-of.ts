export interface Page<T> {
  readonly items: readonly T[]
  /** Null on the last page. */
  readonly last: T | null
}

/** A page of what was found by asking for one more than its size, which tells whether another follows. */
export function pageOf<T>(found: readonly T[], limit: number): Page<T> {
  const items = found.slice(0, limit)
  return { items, last: found.length > limit ? (items.at(-1) ?? null) : null }
}
