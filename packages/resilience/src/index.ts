export { type DegradeAtRequest, degradeAtMs } from "./degradation/degrade-at.ts"
export { type RetryDelayRequest, type RetryRule, retryDelayMs } from "./retry/retry-rule.ts"
