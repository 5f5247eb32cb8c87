import type { Admission, AdmissionEndpoint, AdmitOutcome, AdmitRequest, EndpointState, SettleOutcome, SettleRequest } from "@sluice/core"
import type { Redis } from "ioredis"
import { onTestFinished } from "vitest"
import { type AdmissionEvent, createAdmission, type RedisHandle } from "../../src/index.ts"
import { connectToSharedRedis, keysOf } from "../support/connect.ts"
import { sampleAdmit, sampleEndpoint, sampleSettle } from "./samples.ts"

type Admitted = Extract<AdmitOutcome, { kind: "admitted" }>

/** A call that was let in. */
export interface Call {
  readonly request: AdmitRequest
  readonly outcome: Admitted
}

export interface DrivenAdmission {
  readonly admission: Admission
  readonly events: readonly AdmissionEvent[]
  readonly redis: RedisHandle
  /** Looks at Redis from outside. */
  readonly client: Redis
  readonly nowMs: () => number
  /** Moves the clock, which stands still otherwise. */
  pass(ms: number): void
  ask(request?: Partial<AdmitRequest>): Promise<AdmitOutcome>
  /** As `ask`, for calls that are to be let in. */
  call(request?: Partial<AdmitRequest>): Promise<Call>
  settle(call: Call, result?: Partial<SettleRequest>): Promise<SettleOutcome>
  /** Calls and fails, so many times. */
  fail(times: number, request?: Partial<AdmitRequest>): Promise<void>
  state(name?: string): Promise<EndpointState>
}

/** As `connectToSharedRedis`, leaving no keys of admission behind either. */
export async function connectForAdmission(): ReturnType<typeof connectToSharedRedis> {
  const connection = await connectToSharedRedis()
  const { client, redis } = connection
  onTestFinished(async () => {
    const keys = await keysOf(client, `{${redis.namespace}:adm}:`)
    if (keys.length > 0) await client.unlink(...keys)
  })
  return connection
}

/** Admission in Redis with a clock of the test's own, and short ways to do the usual things to it. */
export async function driveAdmission(endpoints: readonly AdmissionEndpoint[] = [sampleEndpoint()]): Promise<DrivenAdmission> {
  const { redis, client } = await connectForAdmission()
  let nowMs = Date.UTC(2026, 10, 20, 18, 0, 0)
  const events: AdmissionEvent[] = []
  const admission = createAdmission({ redis, now: () => new Date(nowMs), onEvent: (event) => events.push(event) })

  const ask: DrivenAdmission["ask"] = (request) => admission.admit(sampleAdmit({ endpoints, ...request }))
  const call: DrivenAdmission["call"] = async (overrides) => {
    const request = sampleAdmit({ endpoints, ...overrides })
    const outcome = await admission.admit(request)
    if (outcome.kind !== "admitted") throw new Error(`Not admitted: ${JSON.stringify(outcome)}`)
    return { request, outcome }
  }
  const settle: DrivenAdmission["settle"] = ({ request, outcome }, result) => {
    const endpoint = request.endpoints.find(({ name }) => name === outcome.endpoint)
    if (endpoint === undefined) throw new Error(`${outcome.endpoint} is not in the pool`)
    const { lease, route, tokens } = request
    const pool = request.endpoints.map(({ name }) => name)
    return admission.settle(
      sampleSettle({ lease, route, endpoint, pool, generation: outcome.generation, tokensReserved: tokens, ...result }),
    )
  }
  return {
    admission,
    events,
    redis,
    client,
    nowMs: () => nowMs,
    pass: (ms) => {
      nowMs += ms
    },
    ask,
    call,
    settle,
    fail: async (times, request) => {
      for (let failures = 0; failures < times; failures += 1) await settle(await call(request), { outcome: "failure" })
    },
    state: async (name) => {
      const [found] = await admission.state(endpoints.filter((endpoint) => name === undefined || endpoint.name === name))
      if (found === undefined) throw new Error(`There is no endpoint ${name}`)
      return found
    },
  }
}
