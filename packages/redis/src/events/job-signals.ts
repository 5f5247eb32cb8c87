import type { JobSignals } from "@sluice/core"
import type { RedisHandle } from "../connection/connect-redis.ts"

const maxIdsPerMessage = 1_000

function parseIds(message: string): readonly string[] {
  return message === "" ? [] : message.split("\n")
}

/**
 * Job signals over Redis publish and subscribe: one channel per namespace, the announcements of one turn of the event loop in
 * one message. What cannot be published is dropped.
 */
export function createJobSignals({ redis }: { readonly redis: RedisHandle }): JobSignals {
  const channel = `${redis.namespace}:finished`
  let announced: string[] = []
  let publishing: Promise<unknown> = Promise.resolve()

  const publish = async (ids: readonly string[]): Promise<void> => {
    await redis.budget.run(() => redis.producer.publish(channel, ids.join("\n"))).catch(() => {})
  }
  const publishAll = async (): Promise<void> => {
    const ids = announced
    announced = []
    const messages = Array.from({ length: Math.ceil(ids.length / maxIdsPerMessage) }, (_, index) =>
      ids.slice(index * maxIdsPerMessage, (index + 1) * maxIdsPerMessage),
    )
    await Promise.all(messages.map(publish))
  }
  const startPublishing = (): void => {
    publishing = Promise.all([publishing, publishAll()])
  }
  redis.onClose(async () => {
    startPublishing()
    await publishing
  })
  return {
    announceFinished: ({ id }) => {
      announced.push(id)
      if (announced.length === 1) setImmediate(startPublishing)
    },
    onFinished: (listener) =>
      redis.subscriptions.subscribe(channel, (message) => {
        for (const id of parseIds(message)) listener({ id })
      }),
  }
}
