/** Where the open cursors of all connections are kept: what DocumentDB needs to go on, by cursor id. */
export interface CursorStore {
  add(id: string, continuation: Buffer): void
  /** Hands the continuation over, once: two clients cannot go on with the same one. */
  take(id: string): Buffer | undefined
  /** Forgets what nobody asked for within the idle time, and returns those ids. */
  expire(): string[]
}

export interface CursorStoreOptions {
  idleTimeoutMs: number
  now?: () => number
}

export function createCursorStore({ idleTimeoutMs, now = () => performance.now() }: CursorStoreOptions): CursorStore {
  const cursors = new Map<string, { continuation: Buffer; usedAt: number }>()
  return {
    add(id, continuation) {
      cursors.set(id, { continuation, usedAt: now() })
    },
    take(id) {
      const cursor = cursors.get(id)
      cursors.delete(id)
      return cursor?.continuation
    },
    expire() {
      const expired = [...cursors].filter(([, { usedAt }]) => now() - usedAt >= idleTimeoutMs).map(([id]) => id)
      for (const id of expired) cursors.delete(id)
      return expired
    },
  }
}
