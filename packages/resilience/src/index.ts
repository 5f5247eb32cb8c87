export { type RetryDelayRequest, type RetryRule, retryDelayMs } from "./retry/retry-rule.ts"
