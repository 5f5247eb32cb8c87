import type { Announcement, LiveChannel, LiveUpdate } from "../ports/live-channel.ts"

export interface MemoryLiveChannels {
  /** A process's end of the channel. */
  open(reader: string): LiveChannel
}

/** Channels between the parts of one process. `isLost` decides for each message whether it gets lost on the way. */
export function createMemoryLiveChannels({ isLost = () => false }: { isLost?: () => boolean } = {}): MemoryLiveChannels {
  const announced = new Set<(announcement: Announcement) => void>()
  const called = new Set<() => void>()
  const updated = new Map<string, Set<(updates: readonly LiveUpdate[]) => void>>()
  const listenersOf = (reader: string) => {
    const listeners = updated.get(reader) ?? new Set()
    updated.set(reader, listeners)
    return listeners
  }
  const subscribe = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const send = <T>(listeners: ReadonlySet<(message: T) => void>, message: T) => {
    if (!isLost()) for (const listener of listeners) listener(message)
  }
  return {
    open(reader) {
      const own = listenersOf(reader)
      return {
        announce: (announcement) => send(announced, { reader, ...announcement }),
        onUpdates: (listener) => subscribe(own, listener),
        onCalled: (listener) => subscribe(called, listener),
        publish: ({ reader: to, updates }) => send(listenersOf(to), updates),
        onAnnounced: (listener) => subscribe(announced, listener),
        call: () => send(called, undefined),
      }
    },
  }
}
