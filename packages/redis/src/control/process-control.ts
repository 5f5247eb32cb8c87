import {
  type LogLevelOrder,
  logLevelOrder,
  type ProcessControl,
  type ProcessReport,
  type ProfileOrder,
  processReport,
  processTtlMs,
  profileOrder,
  profileOutcome,
} from "@sluice/core"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { queueUnavailable } from "../connection/queue-unavailable.ts"

/** The part of a schema that is used here. */
interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false }
}

/** An outcome is kept for whoever asked, who waits for it. */
const outcomeTtlMs = 600_000

/** What another release may have written, and this one cannot read, counts as nothing. */
function read<T>(schema: Schema<T>, text: string | null | undefined): T | null {
  if (typeof text !== "string") return null
  const parsed = schema.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : null
}

/** Reports and orders as keys of Redis that run out by themselves. */
export function createProcessControl({ redis }: { readonly redis: RedisHandle }): ProcessControl {
  const { address, budget, producer, namespace } = redis
  const prefix = `{${namespace}:control}`
  const keys = {
    level: `${prefix}:log-level`,
    living: `${prefix}:processes`,
    report: (id: string) => `${prefix}:process:${id}`,
    order: (id: string) => `${prefix}:profile:${id}`,
    outcome: (id: string) => `${prefix}:outcome:${id}`,
  }
  const run = <T>(command: () => Promise<T>): Promise<T> =>
    budget.run(command).catch((error: unknown) => {
      throw queueUnavailable(address, error)
    })
  const readLevel = (text: string | null): LogLevelOrder | null => {
    const order = read(logLevelOrder, text)
    return order && order.until.getTime() > Date.now() ? order : null
  }

  return {
    async report(process: ProcessReport) {
      const nowMs = Date.now()
      const [, , , level, profile] = await run(() =>
        Promise.all([
          producer.set(keys.report(process.id), JSON.stringify(process), "PX", processTtlMs),
          producer.zadd(keys.living, `${nowMs + processTtlMs}`, process.id),
          producer.zremrangebyscore(keys.living, "-inf", `${nowMs - processTtlMs}`),
          producer.get(keys.level),
          producer.getdel(keys.order(process.id)),
        ]),
      )
      return { logLevel: readLevel(level), profile: read(profileOrder, profile) }
    },
    async leave(processId) {
      await run(() => Promise.all([producer.zrem(keys.living, processId), producer.del(keys.report(processId))]))
    },
    async processes() {
      const ids = await run(() => producer.zrange(keys.living, 0, "-1"))
      if (ids.length === 0) return []
      const texts = await run(() => producer.mget(ids.map(keys.report)))
      return texts.flatMap((text) => read(processReport, text) ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    },
    async setLogLevel(order) {
      await run(async () => {
        if (order === null) await producer.del(keys.level)
        else await producer.set(keys.level, JSON.stringify(order), "PXAT", order.until.getTime())
      })
    },
    logLevel: async () => readLevel(await run(() => producer.get(keys.level))),
    async orderProfile(order: ProfileOrder) {
      await run(() => producer.set(keys.order(order.processId), JSON.stringify(order), "PX", processTtlMs))
    },
    async answerProfile(orderId, answered) {
      await run(() => producer.set(keys.outcome(orderId), JSON.stringify(answered), "PX", outcomeTtlMs))
    },
    profileOutcome: async (orderId) => read(profileOutcome, await run(() => producer.get(keys.outcome(orderId)))),
  }
}
