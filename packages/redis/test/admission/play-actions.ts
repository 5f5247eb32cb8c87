import type { AdmissionEndpoint, AdmitRequest } from "@sluice/core"
import { createAdmissionModel } from "@sluice/resilience"
import { expect } from "vitest"
import { createAdmission, type RedisHandle } from "../../src/index.ts"
import type { Action, ActionOf, Endpoints } from "./actions.ts"

/** Neither at the beginning of a second nor of a minute. */
const startMs = Date.UTC(2026, 10, 20, 18, 0, 30, 500)
/** Keys with a shorter life than this are not to expire within a play, whose clock is not that of Redis. */
const maxPlayMs = 3_000_000
const route = "chat"

/** A call that was let in. */
interface Call {
  readonly request: AdmitRequest
  readonly endpoint: AdmissionEndpoint
  readonly generation: string
}

/** The same twice: the scripts in Redis, and the model in plain code. Each of its functions demands that they answer alike. */
function createTwins(redis: RedisHandle) {
  let nowMs = startMs
  let draws: Readonly<Record<"scripts" | "model", number[]>> = { scripts: [], model: [] }
  const scripts = createAdmission({ redis, now: () => new Date(nowMs), random: () => draws.scripts.shift() ?? 0 })
  const model = createAdmissionModel({ nowMs: () => nowMs, random: () => draws.model.shift() ?? 0 })
  return {
    pass: (ms: number): void => {
      nowMs = Math.min(nowMs + ms, startMs + maxPlayMs)
    },
    admit: async (request: AdmitRequest, drawn: readonly [number, number]) => {
      draws = { scripts: [...drawn], model: [...drawn] }
      const outcome = await scripts.admit(request)
      expect(outcome).toEqual(model.admit(request))
      return outcome
    },
    settle: async (request: Parameters<typeof scripts.settle>[0]) => {
      expect(await scripts.settle(request)).toEqual(model.settle(request))
    },
    release: async (request: Parameters<typeof scripts.release>[0]) => {
      await scripts.release(request)
      model.release(request)
    },
    renew: async (request: Parameters<typeof scripts.renew>[0]) => {
      await scripts.renew(request)
      model.renew(request)
    },
    force: async (request: Parameters<typeof scripts.force>[0]) => {
      await scripts.force(request)
      model.force(request)
    },
    pauseRoute: async (request: Parameters<typeof scripts.pauseRoute>[0]) => {
      await scripts.pauseRoute(request)
      model.pauseRoute(request)
    },
    look: async (endpoints: readonly AdmissionEndpoint[]) => {
      expect(await scripts.state(endpoints)).toEqual(model.state(endpoints))
      expect(await scripts.pausedRoutes()).toEqual(model.pausedRoutes())
    },
  }
}

/** Plays the actions to both twins. Leaves no keys behind. */
export async function playActions(redis: RedisHandle, [first, ...others]: Endpoints, actions: readonly Action[]): Promise<void> {
  const endpoints = [first, ...others]
  const twins = createTwins(redis)
  /** The latest first. */
  const calls: Call[] = []
  const waiting: AdmitRequest[] = []
  let leases = 0
  const pick = (index: number): AdmissionEndpoint => endpoints[index % endpoints.length] ?? first

  const ask = async (request: AdmitRequest, draws: readonly [number, number]): Promise<void> => {
    const outcome = await twins.admit(request, draws)
    if (outcome.kind !== "admitted") {
      waiting.push({ ...request, refusals: request.refusals + (outcome.kind === "refused" ? 1 : 0) })
      return
    }
    const endpoint = request.endpoints.find(({ name }) => name === outcome.endpoint)
    if (!endpoint) throw new Error(`${outcome.endpoint} is not in the pool`)
    calls.unshift({ request, endpoint, generation: outcome.generation })
  }
  const admit = async ({ pool, waiting: index, affinity, draws, kind: _kind, ...settings }: ActionOf<"admit">): Promise<void> => {
    const [before] = waiting.splice(index, 1)
    if (before) return ask({ ...before, version: settings.version }, draws)
    leases += 1
    const names = { lease: `lease-${leases}`, route, affinity: affinity === null ? null : pick(affinity).name }
    await ask({ ...settings, ...names, endpoints: [...new Set(pool.map(pick))], refusals: 0 }, draws)
  }
  const repeat = async ({ call: index, draws }: ActionOf<"repeat">): Promise<void> => {
    const call = calls[index]
    if (call) await ask(call.request, draws)
  }
  const settle = async ({ call: index, kind: _kind, ...result }: ActionOf<"settle">): Promise<void> => {
    const call = calls[index]
    if (!call) return
    const { request, endpoint, generation } = call
    const pool = request.endpoints.map(({ name }) => name)
    await twins.settle({ ...result, lease: request.lease, route, endpoint, pool, generation, tokensReserved: request.tokens })
  }
  const release = async ({ call: index }: ActionOf<"release">): Promise<void> => {
    const request = calls[index]?.request ?? waiting[index]
    const endpoint = calls[index]?.endpoint ?? first
    if (request) await twins.release({ lease: request.lease, route, endpoint, tokensReserved: request.tokens })
  }
  const renew = async ({ call: index, leaseMs }: ActionOf<"renew">): Promise<void> => {
    const call = calls[index]
    if (call) await twins.renew([{ lease: call.request.lease, route, endpoint: call.endpoint.name, leaseMs }])
  }
  const act = async (action: Action): Promise<void> => {
    switch (action.kind) {
      case "advance":
        return twins.pass(action.ms)
      case "admit":
        return await admit(action)
      case "repeat":
        return await repeat(action)
      case "settle":
        return await settle(action)
      case "release":
        return await release(action)
      case "renew":
        return await renew(action)
      case "force":
        return await twins.force({ endpoint: pick(action.endpoint).name, state: action.state, by: "Ada L." })
      case "pause":
        return await twins.pauseRoute({ route, paused: action.paused, by: "Ada L." })
      case "look":
        return await twins.look(endpoints)
    }
  }
  try {
    for (const action of actions) await act(action)
    await twins.look(endpoints)
  } finally {
    const keys = await redis.producer.keys(`{${redis.namespace}:adm}:*`)
    if (keys.length > 0) await redis.producer.unlink(...keys)
  }
}
