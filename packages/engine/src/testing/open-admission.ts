import type { Admission, AdmitOutcome, AdmitRequest, SettleOutcome, SettleRequest } from "@sluice/core"

export interface OpenAdmission extends Admission {
  readonly admitted: readonly AdmitRequest[]
  readonly settled: readonly SettleRequest[]
}

export interface OpenAdmissionOptions {
  /** Null: admitted at once, to the first endpoint of the pool. */
  readonly answer?: (request: AdmitRequest, index: number) => AdmitOutcome | null
  readonly settle?: (request: SettleRequest) => Partial<SettleOutcome>
}

/** An admission that lets everybody in, unless it is told otherwise, and remembers what it was asked. */
export function openAdmission({ answer, settle }: OpenAdmissionOptions = {}): OpenAdmission {
  const admitted: AdmitRequest[] = []
  const settled: SettleRequest[] = []
  return {
    admitted,
    settled,
    admit(request) {
      admitted.push(request)
      const endpoint = request.endpoints[0]?.name ?? ""
      const open: AdmitOutcome = { kind: "admitted", endpoint, startInMs: 0, generation: "0", isProbe: false }
      return Promise.resolve(answer?.(request, admitted.length - 1) ?? open)
    },
    settle(request) {
      settled.push(request)
      return Promise.resolve({ applied: true, healthy: true, breaker: "closed", changed: false, ...settle?.(request) })
    },
    release: () => Promise.resolve(),
    renew: () => Promise.resolve(),
    state: () => Promise.resolve([]),
    force: () => Promise.resolve(),
    pauseRoute: () => Promise.resolve(),
    pausedRoutes: () => Promise.resolve(new Map()),
  }
}
