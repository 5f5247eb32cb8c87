import type { AlertRule, Finding } from "@sluice/core"
import type { Look } from "../condition.ts"
import { breakerOpen, credentialRejected, providerQuota } from "./endpoints.ts"
import { deadLetterRate, failureRate, oldestWaiting, primaryShareLow, routeMissing, tokenUse } from "./jobs.ts"
import { canaryFailing, objectiveBurn } from "./objectives.ts"
import { budgetUsed, webhookEndpointDisabled } from "./tenants.ts"

/** What of a rule holds at the moment. */
export function findingsOf(rule: AlertRule, look: Look): Promise<readonly Finding[]> {
  switch (rule.when) {
    case "breaker_open":
      return breakerOpen(rule, look)
    case "primary_share_low":
      return primaryShareLow(rule, look)
    case "dead_letter_rate":
      return deadLetterRate(rule, look)
    case "oldest_waiting":
      return oldestWaiting(rule, look)
    case "webhook_endpoint_disabled":
      return webhookEndpointDisabled(rule, look)
    case "credential_rejected":
      return credentialRejected(rule, look)
    case "budget_used":
      return budgetUsed(rule, look)
    case "failure_rate":
      return failureRate(rule, look)
    case "token_use":
      return tokenUse(rule, look)
    case "provider_quota":
      return providerQuota(rule, look)
    case "route_missing":
      return routeMissing(rule, look)
    case "objective_burn":
      return objectiveBurn(rule, look)
    case "canary_failing":
      return canaryFailing(rule, look)
  }
}
