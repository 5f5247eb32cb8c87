import { admit } from "./admit.ts"
import { type ForceRequest, force, pausedRoutes, pauseRoute, stateOf } from "./operate.ts"
import { createRecords } from "./records.ts"
import { release, renew, settle } from "./settle.ts"
import type {
  ModelAdmitOutcome,
  ModelAdmitRequest,
  ModelEndpoint,
  ModelEndpointState,
  ModelReleaseRequest,
  ModelRenewal,
  ModelSettleOutcome,
  ModelSettleRequest,
} from "./types.ts"

export interface AdmissionModel {
  /** Throws a TypeError for a pool without endpoints. */
  admit(request: ModelAdmitRequest): ModelAdmitOutcome
  /** Idempotent by lease. */
  settle(request: ModelSettleRequest): ModelSettleOutcome
  release(request: ModelReleaseRequest): void
  renew(renewals: readonly ModelRenewal[]): void
  state(endpoints: readonly ModelEndpoint[]): readonly ModelEndpointState[]
  force(request: ForceRequest): void
  pauseRoute(request: { readonly route: string; readonly paused: boolean; readonly by: string }): void
  pausedRoutes(): ReadonlyMap<string, { readonly since: Date; readonly by: string }>
}

/**
 * Who may call which provider when, for one process: the rules that all processes share through Redis, in plain code. It is
 * what the shared implementation is compared with, and what can stand in for it while Redis is away.
 */
export function createAdmissionModel(options: {
  /** Milliseconds since the epoch, whole. */
  readonly nowMs: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
}): AdmissionModel {
  const { nowMs, random } = options
  const records = createRecords()
  return {
    admit: (request) => admit({ records, draws: [random(), random()], nowMs: nowMs() }, request),
    settle: (request) => settle({ records, nowMs: nowMs() }, request),
    release: (request) => release({ records, nowMs: nowMs() }, request),
    renew: (renewals) => renew({ records, nowMs: nowMs() }, renewals),
    state: (endpoints) => endpoints.map((endpoint) => stateOf(records, endpoint, nowMs())),
    force: (request) => force(records, request, nowMs()),
    pauseRoute: (request) => pauseRoute(records, request, nowMs()),
    pausedRoutes: () => pausedRoutes(records),
  }
}
