import type { Configuration } from "@sluice/core"

/** The configuration of this process. It is swapped whole: whoever reads it twice may see two, so read it once per task. */
export interface ConfigurationHolder {
  current(): Configuration
  /** Takes effect at once; then tells the subscribers, in the order in which they came. */
  replace(next: Configuration): void
  /** Returns what ends the subscription. */
  subscribe(listener: (next: Configuration, previous: Configuration) => void): () => void
}

/** A listener that throws keeps neither the swap nor the other listeners from happening; its error goes to `onListenerError`. */
export function createConfigurationHolder(options: {
  initial: Configuration
  onListenerError: (error: unknown) => void
}): ConfigurationHolder {
  let current = options.initial
  const listeners = new Set<(next: Configuration, previous: Configuration) => void>()
  return {
    current: () => current,
    replace(next) {
      const previous = current
      current = next
      for (const listener of [...listeners]) {
        try {
          listener(next, previous)
        } catch (error) {
          options.onListenerError(error)
        }
      }
    },
    subscribe(listener) {
      const entry: typeof listener = (next, previous) => listener(next, previous)
      listeners.add(entry)
      return () => {
        listeners.delete(entry)
      }
    },
  }
}
