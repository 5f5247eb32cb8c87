import { type AdmissionModel, createAdmissionModel } from "../admission/create-admission-model.ts"
import type {
  ModelAdmitOutcome,
  ModelAdmitRequest,
  ModelEndpointState,
  ModelSettleOutcome,
  ModelSettleRequest,
} from "../admission/types.ts"
import { sampleAdmit, sampleEndpoint, sampleSettle } from "./samples.ts"
import { createVirtualTime, seededRandom, type VirtualTime } from "./virtual-time.ts"

type Admitted = Extract<ModelAdmitOutcome, { kind: "admitted" }>

/** A call that was let in. */
export interface Call {
  readonly request: ModelAdmitRequest
  readonly outcome: Admitted
}

export interface DrivenModel {
  readonly time: VirtualTime
  readonly admission: AdmissionModel
  ask(request?: Partial<ModelAdmitRequest>): ModelAdmitOutcome
  /** As `ask`, for calls that are to be let in. */
  call(request?: Partial<ModelAdmitRequest>): Call
  settle(call: Call, result?: Partial<ModelSettleRequest>): ModelSettleOutcome
  /** Calls and fails, so many times. */
  fail(times: number, request?: Partial<ModelAdmitRequest>): ModelSettleOutcome | null
  state(name?: string): ModelEndpointState
}

/** An admission model with a clock of its own, and short ways to do the usual things to it. */
export function driveModel(endpoints: readonly ModelAdmitRequest["endpoints"][number][] = [sampleEndpoint()]): DrivenModel {
  const time = createVirtualTime()
  const admission = createAdmissionModel({ nowMs: time.nowMs, random: seededRandom(1) })
  const ask: DrivenModel["ask"] = (request) => admission.admit(sampleAdmit({ endpoints, ...request }))
  const call: DrivenModel["call"] = (overrides) => {
    const request = sampleAdmit({ endpoints, ...overrides })
    const outcome = admission.admit(request)
    if (outcome.kind !== "admitted") throw new Error(`Not admitted: ${JSON.stringify(outcome)}`)
    return { request, outcome }
  }
  const settle: DrivenModel["settle"] = ({ request, outcome }, result) => {
    const endpoint = request.endpoints.find(({ name }) => name === outcome.endpoint)
    if (endpoint === undefined) throw new Error(`${outcome.endpoint} is not in the pool`)
    const { lease, route, tokens } = request
    const pool = request.endpoints.map(({ name }) => name)
    const { generation } = outcome
    return admission.settle(sampleSettle({ lease, route, endpoint, pool, generation, tokensReserved: tokens, ...result }))
  }
  const fail: DrivenModel["fail"] = (times, request) => {
    let last: ModelSettleOutcome | null = null
    for (let failures = 0; failures < times; failures += 1) last = settle(call(request), { outcome: "failure" })
    return last
  }
  const state: DrivenModel["state"] = (name) => {
    const [found] = admission.state(endpoints.filter((endpoint) => name === undefined || endpoint.name === name))
    if (found === undefined) throw new Error(`There is no endpoint ${name}`)
    return found
  }
  return { time, admission, ask, call, settle, fail, state }
}
