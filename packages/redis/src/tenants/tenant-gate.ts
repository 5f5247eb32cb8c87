import { freshCountMs, type GateVerdict, type PlacesVerdict, placesTtlMs, type RequestsVerdict, type TenantGate } from "@sluice/core"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { queueUnavailable } from "../connection/queue-unavailable.ts"
import { readScript } from "../queue/redis-script.ts"

const luaFile = (name: string): URL => new URL(`lua/${name}.lua`, import.meta.url)

const admitScript = readScript([luaFile("admit")])
const settleScript = readScript([luaFile("settle")])
const recountScript = readScript([luaFile("recount")])

const slotMs = 10_000

/** The `TenantGate` of all processes on one Redis. One round trip each; the clock is that of Redis. */
export function createTenantGate({ redis }: { readonly redis: RedisHandle }): TenantGate {
  const { address, budget, producer } = redis
  // The braces have a cluster keep what belongs to a tenant together.
  const keyOf = (tenantId: string, what: string): string => `${redis.namespace}:{tenant-${tenantId}}:${what}`
  const run = <T>(command: () => Promise<T>): Promise<T> =>
    budget.run(command).catch((error: unknown) => {
      throw queueUnavailable(address, error)
    })
  return {
    async admit({ tenantId, requestsPerMinute, requests, maxQueuedJobs, jobs }) {
      const keys = [keyOf(tenantId, "requests"), keyOf(tenantId, "places")]
      const args = [requestsPerMinute ?? 0, requests, maxQueuedJobs ?? 0, jobs, freshCountMs, placesTtlMs / slotMs]
      const reply = await run(() => admitScript(producer, { keys, args }))
      return verdictOf(reply, { isLimited: requestsPerMinute !== null && requests > 0, jobs })
    },
    async settle({ tenantId, ticket, accepted }) {
      await run(() => settleScript(producer, { keys: [keyOf(tenantId, "places")], args: [ticket.slot, ticket.jobs, accepted] }))
    },
    async recount({ tenantId, queued, mark }) {
      await run(() => recountScript(producer, { keys: [keyOf(tenantId, "places")], args: [queued, mark] }))
    },
  }
}

function verdictOf(reply: unknown, { isLimited, jobs }: { readonly isLimited: boolean; readonly jobs: number }): GateVerdict {
  const numbers = Array.isArray(reply) ? reply.map(Number) : []
  const [allowed = 0, remaining = 0, resetMs = 0, retryMs = 0, ...places] = numbers
  const requests: RequestsVerdict = { isAllowed: allowed === 1, remaining, resetMs, retryMs }
  return { requests: isLimited ? requests : null, places: placesOf(places, jobs) }
}

function placesOf([state = 0, remaining = 0, mark = 0, slot = 0]: readonly number[], jobs: number): PlacesVerdict | null {
  switch (state) {
    case 1:
      return { kind: "granted", remaining, ticket: { slot, jobs } }
    case 2:
    case 3:
      return { kind: "full", free: remaining, mark, isCountFresh: state === 2 }
    case 4:
      return { kind: "unknown", mark }
    default:
      return null
  }
}
