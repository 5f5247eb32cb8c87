import { randomUUID } from "node:crypto"
import { type Announcement, announcement, type LiveChannel, liveUpdate } from "@sluice/core"
import type { RedisHandle } from "../connection/connect-redis.ts"

/** As zod has it. */
interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false }
}

const updates = liveUpdate.array()

/**
 * Live updates over Redis publish and subscribe: a channel on which all readers announce what they watch, one on which workers
 * call them, and one for each process with readers. All subscriptions of a process share its one connection. What cannot be
 * published is dropped: whoever notices a gap asks anew.
 */
export function createLiveChannel({ redis }: { readonly redis: RedisHandle }): LiveChannel {
  const reader = randomUUID()
  const [announced, called] = [`${redis.namespace}:live:watched`, `${redis.namespace}:live:called`]
  const channelOf = (name: string): string => `${redis.namespace}:live:${name}`

  const publish = (channel: string, message: string): void => {
    redis.budget.run(() => redis.producer.publish(channel, message)).catch(() => {})
  }
  /** What a newer release has put otherwise is not for this process. */
  const listen = <T>(channel: string, schema: Schema<T>, listener: (message: T) => void): (() => void) =>
    redis.subscriptions.subscribe(channel, (text) => {
      const parsed = schema.safeParse(JSON.parse(text))
      if (parsed.success) listener(parsed.data)
    })
  return {
    announce: (message) => publish(announced, JSON.stringify({ reader, ...message } satisfies Announcement)),
    onUpdates: (listener) => listen(channelOf(reader), updates, listener),
    onCalled: (listener) => redis.subscriptions.subscribe(called, () => listener()),
    publish: (message) => publish(channelOf(message.reader), JSON.stringify(message.updates)),
    onAnnounced: (listener) => listen(announced, announcement, listener),
    call: () => publish(called, ""),
  }
}
