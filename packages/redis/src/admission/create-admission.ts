import type { Admission, AdmissionEndpoint, Clock, Random, SettleRequest } from "@sluice/core"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { queueUnavailable } from "../connection/queue-unavailable.ts"
import type { AdmissionEvent } from "./admission-event.ts"
import { admitOutcome, endpointState, settleEvents, settleOutcome } from "./decode-reply.ts"
import { encode, encodeAdmit, encodeEndpoint, encodePool, encodeSettle } from "./encode-request.ts"
import { type AdmitReply, defineAdmissionScripts } from "./scripts.ts"

export interface AdmissionOptions {
  readonly redis: RedisHandle
  /** Told of changes that this process' calls brought about. What it throws is reported and harms nothing. */
  readonly onEvent?: ((event: AdmissionEvent) => void) | undefined
  /** Default `Math.random`. */
  readonly random?: Random | undefined
  /** For tests. By default the time is that of the Redis server, so that all processes share one clock. */
  readonly now?: Clock | undefined
}

/** Windows in which calls are counted where no breaker is configured. */
const defaultWindows = { windowMs: 30_000, thinWindowMs: 60_000 }

/**
 * Admission in Redis: one view of every provider for all processes, decided by one script per question. The rules are those
 * of the admission model of `@sluice/resilience`.
 */
export function createAdmission({ redis, onEvent = () => {}, random = Math.random, now }: AdmissionOptions): Admission {
  const { producer, budget, address, reporter } = redis
  defineAdmissionScripts(producer)
  const prefix = `{${redis.namespace}:adm}:`

  const clock = () => ({ nowMs: now?.().getTime() })
  const run = async <T>(command: () => Promise<T>): Promise<T> => {
    try {
      return await budget.run(command)
    } catch (error) {
      throw queueUnavailable(address, error)
    }
  }
  const tell = (events: readonly AdmissionEvent[]): void => {
    for (const event of events) {
      try {
        onEvent(event)
      } catch (error) {
        reporter.report(error)
      }
    }
  }
  return {
    admit: async (request) => {
      if (request.endpoints.length === 0) {
        throw new TypeError(`The call ${request.lease} of route ${request.route} was to be admitted to a pool without endpoints.`)
      }
      const encoded = encodeAdmit(request, { draws: [random(), random()], ...clock() })
      const reply = await run(() => producer.sluiceAdmit(prefix, encoded, encodePool(request.endpoints)))
      tell(admitEvents(reply))
      return admitOutcome(reply)
    },
    settle: async (request: SettleRequest) => {
      const reply = await run(() => producer.sluiceSettle(prefix, encodeSettle(request, clock()), encodeEndpoint(request.endpoint)))
      tell(settleEvents(request, reply))
      return settleOutcome(reply)
    },
    release: async ({ lease, route, endpoint, tokensReserved }) => {
      const { name, limitGroup, credential } = endpoint
      await run(() =>
        producer.sluiceRelease(prefix, encode({ lease, route, endpoint: name, limitGroup, credential, tokensReserved }, clock())),
      )
    },
    renew: async (leases) => {
      if (leases.length === 0) return
      await run(() => producer.sluiceRenew(prefix, encode({ leases: leases.map((lease) => ({ ...lease })) }, clock())))
    },
    state: async (endpoints) => {
      const request = encode({ endpoints: endpoints.map(stateQuery) }, clock())
      const rows = await run(() => producer.sluiceAdmissionState(prefix, request))
      return rows.flatMap((row, index) => {
        const name = endpoints[index]?.name
        return name === undefined ? [] : [endpointState(name, row)]
      })
    },
    force: async ({ endpoint, state, by }) => {
      const [from, to] = await run(() => producer.sluiceForceBreaker(prefix, encode({ endpoint, state, by }, clock())))
      if (from !== to) tell([{ kind: "breaker_changed", endpoint, from, to, by, openMs: null }])
    },
    pauseRoute: async ({ route, paused, by }) => {
      await run(() => producer.sluicePauseRoute(prefix, encode({ route, paused, by }, clock())))
    },
    pausedRoutes: async () => {
      const paused = await run(() => producer.hgetall(`${prefix}paused`))
      return new Map(Object.entries(paused).map(([route, text]) => [route, pauseOf(text)]))
    },
  }
}

function admitEvents(reply: AdmitReply): readonly AdmissionEvent[] {
  const hasHalfOpened = reply[0] === "admitted" && reply[5] === 1
  return hasHalfOpened ? [{ kind: "breaker_changed", endpoint: reply[1], from: "open", to: "half_open", by: null, openMs: null }] : []
}

function stateQuery({ name, limitGroup, credential, breaker }: AdmissionEndpoint) {
  const { windowMs, thinWindowMs } = breaker ?? defaultWindows
  return { name, limitGroup, credential, windowMs, thinWindowMs }
}

/** "ms by" */
function pauseOf(text: string): { readonly since: Date; readonly by: string } {
  const [ms = "", ...by] = text.split(" ")
  return { since: new Date(Number(ms)), by: by.join(" ") }
}
