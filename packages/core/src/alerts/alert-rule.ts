import { type AlertKind, type AlertRuleConfig, type AlertsConfig, alertRule, type Severity } from "../configuration/alerts.ts"

/** A rule with everything filled in. */
export type AlertRule<Kind extends AlertKind = AlertKind> = Extract<AlertRuleConfig, { when: Kind }> & {
  readonly name: string
  readonly severity: Severity
  readonly forMs: number
  readonly channels: readonly string[]
}

const minuteMs = 60_000

const kinds: Readonly<Record<AlertKind, { readonly severity: Severity; readonly forMs: number }>> = {
  breaker_open: { severity: "ticket", forMs: 5 * minuteMs },
  primary_share_low: { severity: "ticket", forMs: 5 * minuteMs },
  dead_letter_rate: { severity: "ticket", forMs: 0 },
  oldest_waiting: { severity: "page", forMs: 2 * minuteMs },
  webhook_endpoint_disabled: { severity: "ticket", forMs: 0 },
  credential_rejected: { severity: "page", forMs: 0 },
  budget_used: { severity: "info", forMs: 0 },
  failure_rate: { severity: "page", forMs: 0 },
  token_use: { severity: "info", forMs: 0 },
  provider_quota: { severity: "ticket", forMs: 10 * minuteMs },
  route_missing: { severity: "page", forMs: minuteMs },
  objective_burn: { severity: "page", forMs: 0 },
  canary_failing: { severity: "page", forMs: 0 },
}

/** What is watched where nothing else is said. How many tokens are many only the operator knows. */
const standard: readonly Pick<AlertRuleConfig, "when" | "name" | "severity">[] = [
  { when: "breaker_open" },
  { when: "primary_share_low" },
  { when: "dead_letter_rate" },
  { when: "oldest_waiting" },
  { when: "webhook_endpoint_disabled" },
  { when: "credential_rejected" },
  { when: "budget_used" },
  { when: "failure_rate" },
  { when: "provider_quota" },
  { when: "route_missing" },
  { when: "objective_burn", name: "objective_burn_fast" },
  { when: "objective_burn", name: "objective_burn_slow", severity: "ticket" },
  { when: "canary_failing" },
]

const standardRules = standard.map((rule) => alertRule.parse(rule.name === "objective_burn_slow" ? { ...rule, pace: "slow" } : rule))

/** The rules in force, complete. */
export function alertRulesOf({ rules = standardRules, channels }: AlertsConfig): readonly AlertRule[] {
  const all = Object.keys(channels)
  return rules.map((rule) => ({
    ...rule,
    name: rule.name ?? rule.when,
    severity: rule.severity ?? kinds[rule.when].severity,
    forMs: rule.forMs ?? kinds[rule.when].forMs,
    channels: rule.channels ?? all,
  }))
}
