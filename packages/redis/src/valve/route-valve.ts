import { QueueKeys } from "bullmq"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { queueUnavailable } from "../connection/queue-unavailable.ts"
import { routeQueueName } from "../queue/queue-name.ts"
import { readScript } from "../queue/redis-script.ts"

/** So many fetches a second workers are allowed by their limiter, and this the limiter's key holds while a route is closed. */
export const closedCount = 1_000_000_000

export interface CloseRouteRequest {
  readonly route: string
  /** At least 1. */
  readonly forMs: number
  /** Whether it applies to a route that is closed already: the later time wins. Otherwise that one's time stays. */
  readonly extend: boolean
}

/** All methods reject with `QueueUnavailableError` when Redis does not answer within the budget. */
export interface RouteValve {
  /**
   * Keeps all workers of the route, in all processes, from fetching for this time. What they are working on goes on. Resolves
   * with how long the route is closed from now on. Workers begin again by themselves when the time is over.
   */
  close(request: CloseRouteRequest): Promise<{ readonly closedForMs: number }>
  /** Opens the route before its time. Workers notice within a second. */
  open(route: string): Promise<void>
  /** How long each of these routes is closed yet; those that are open are not in it. */
  state(routes: Iterable<string>): Promise<ReadonlyMap<string, { readonly closedForMs: number }>>
}

const closeScript = readScript([new URL("lua/close.lua", import.meta.url)])

/** Stops and starts the workers of whole routes, over Redis. */
export function createRouteValve({ redis }: { readonly redis: RedisHandle }): RouteValve {
  const { address, budget, producer } = redis
  const keys = new QueueKeys(redis.namespace)
  const limiterOf = (route: string): string => keys.toKey(routeQueueName(route), "limiter")
  const run = <T>(command: () => Promise<T>): Promise<T> =>
    budget.run(command).catch((error: unknown) => {
      throw queueUnavailable(address, error)
    })
  const closedForMs = async (route: string): Promise<number> => {
    const [held, leftMs] = await Promise.all([producer.get(limiterOf(route)), producer.pttl(limiterOf(route))])
    // Below, it is the count of the workers' own limiter.
    return Number(held) >= closedCount ? Math.max(0, leftMs) : 0
  }
  return {
    close: async ({ route, forMs, extend }) => {
      const args = [Math.max(1, Math.ceil(forMs)), closedCount, extend ? 1 : 0]
      const leftMs = await run(() => closeScript(producer, { keys: [limiterOf(route)], args }))
      return { closedForMs: Number(leftMs) }
    },
    open: async (route) => {
      await run(() => producer.del(limiterOf(route)))
    },
    state: async (routes) => {
      const states = await run(() =>
        Promise.all(Array.from(routes, async (route) => [route, { closedForMs: await closedForMs(route) }] as const)),
      )
      return new Map(states.filter(([, state]) => state.closedForMs > 0))
    },
  }
}
