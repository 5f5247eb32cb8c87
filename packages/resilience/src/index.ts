export { type DegradeAtRequest, degradeAtMs } from "./degradation/degrade-at.ts"
export { createFairLine, type FairEntry, type FairLine } from "./fairness/fair-line.ts"
export { fairStep } from "./fairness/fair-step.ts"
export { type RetryDelayRequest, type RetryRule, retryDelayMs } from "./retry/retry-rule.ts"
