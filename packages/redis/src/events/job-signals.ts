import type { JobSignals } from "@sluice/core"
import type { RedisHandle } from "../connection/connect-redis.ts"

const maxIdsPerMessage = 1_000

type Job = { readonly id: string }

function parseIds(message: string): readonly string[] {
  return message === "" ? [] : message.split("\n")
}

/** Announces on one channel: what is announced in one turn of the event loop travels in one message. */
function createAnnouncer(redis: RedisHandle, channel: string): (job: Job) => void {
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
  return ({ id }) => {
    announced.push(id)
    if (announced.length === 1) setImmediate(startPublishing)
  }
}

/** Job signals over Redis publish and subscribe: two channels per namespace. What cannot be published is dropped. */
export function createJobSignals({ redis }: { readonly redis: RedisHandle }): JobSignals {
  const [finished, cancelled] = [`${redis.namespace}:finished`, `${redis.namespace}:cancelled`]
  const subscribe = (channel: string, listener: (job: Job) => void): (() => void) =>
    redis.subscriptions.subscribe(channel, (message) => {
      for (const id of parseIds(message)) listener({ id })
    })
  return {
    announceFinished: createAnnouncer(redis, finished),
    onFinished: (listener) => subscribe(finished, listener),
    announceCancelled: createAnnouncer(redis, cancelled),
    onCancelled: (listener) => subscribe(cancelled, listener),
  }
}
