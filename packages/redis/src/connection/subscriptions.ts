import type { Redis } from "ioredis"
import type { ErrorReporter } from "./error-reporter.ts"

export type MessageHandler = (message: string) => void

export interface Subscriptions {
  /** Calls the handler for each message published on the channel from about now on. Returns a function that ends it. */
  subscribe(channel: string, handler: MessageHandler): () => void
}

/** All subscriptions of the process over one connection, opened when the first is made. ioredis renews them after an outage. */
export function createSubscriptions(options: { readonly open: () => Redis; readonly reporter: ErrorReporter }): Subscriptions {
  const { open, reporter } = options
  const handlers = new Map<string, Set<MessageHandler>>()
  let client: Redis | undefined

  const deliver = (channel: string, message: string): void => {
    for (const handler of handlers.get(channel) ?? []) {
      try {
        handler(message)
      } catch (error) {
        reporter.report(error)
      }
    }
  }
  const connect = (): Redis => {
    const opened = open()
    opened.on("message", deliver)
    return opened
  }
  // A channel stays subscribed when its last handler leaves: the next is never far, and each change is a round trip.
  const handlersOf = (channel: string): Set<MessageHandler> => {
    const existing = handlers.get(channel)
    if (existing !== undefined) return existing
    const created = new Set<MessageHandler>()
    handlers.set(channel, created)
    const subscriber = client ?? connect()
    client = subscriber
    subscriber.subscribe(channel).catch((error: unknown) => {
      if (subscriber.status !== "end") reporter.report(error)
    })
    return created
  }
  return {
    subscribe: (channel, handler) => {
      const own: MessageHandler = (message) => handler(message)
      const ofChannel = handlersOf(channel)
      ofChannel.add(own)
      return () => {
        ofChannel.delete(own)
      }
    },
  }
}
