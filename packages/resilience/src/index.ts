export { type AdmissionModel, createAdmissionModel } from "./admission/create-admission-model.ts"
export type {
  ModelAdmitOutcome,
  ModelAdmitRequest,
  ModelEndpoint,
  ModelEndpointState,
  ModelReleaseRequest,
  ModelRenewal,
  ModelSettleOutcome,
  ModelSettleRequest,
} from "./admission/types.ts"
export { type DegradeAtRequest, degradeAtMs } from "./degradation/degrade-at.ts"
export { createFairLine, type FairEntry, type FairLine } from "./fairness/fair-line.ts"
export { fairStep } from "./fairness/fair-step.ts"
export { type RetryDelayRequest, type RetryRule, retryDelayMs } from "./retry/retry-rule.ts"
