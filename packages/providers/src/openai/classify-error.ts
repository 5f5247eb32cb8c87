import type { ClassificationRule } from "../failure/classify-failure.ts"

const quotaCodes = [
  "insufficient_quota",
  "credit_balance_exhausted",
  "organization_usage_limit_exceeded",
  "organization_spend_limit_exceeded",
  "project_spend_limit_exceeded",
  "billing_hard_limit_reached",
  "billing_not_active",
]

const filterCodes = ["content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation", "moderation_blocked", "flagged_input"]

const tooLong =
  /maximum context length|exceeds? the (?:maximum number of tokens|model's context)|exceeds the context (?:window|length)|maximum input length|prompt is too long/i

/** Unlike any other refusal for a rate, no waiting helps: the one request is larger than a whole minute's allowance. */
const largerThanAllowance = /^request too large/i

/**
 * What the answers of OpenAI, and of servers that speak its wire, mean; the first row that holds decides. Gemini's names
 * its quotas (`..PerDay..`, `..PerMinute..`) and uses one sentence for both. Whatever no row names is decided by its
 * status alone.
 */
export const openaiRules: readonly ClassificationRule[] = [
  { status: [400, 402, 403, 429], code: quotaCodes, type: "provider_quota" },
  { status: [413, 429], text: largerThanAllowance, type: "context_length" },
  { status: [429], code: /PerDay/, type: "provider_quota" },
  { status: [429], text: /\blimit: 0\b/, type: "provider_quota" },
  { status: [429], code: ["slow_down", "rate_limit_exceeded", "RESOURCE_EXHAUSTED"], type: "rate_limited" },
  { status: [429, 500, 502], text: /\boverloaded\b|\bhigh demand\b/i, type: "overloaded" },
  { status: [429], text: /exceeded your current quota/i, type: "provider_quota" },
  { status: [503], code: ["slow_down"], type: "rate_limited" },

  { status: [400, 403], code: filterCodes, type: "content_filter" },
  { status: [403], text: /\bflagged\b|\bmoderation\b/i, type: "content_filter" },
  { status: [400], code: ["invalid_api_key", "API_KEY_INVALID", "FAILED_PRECONDITION"], type: "provider_auth" },
  { status: [400], text: /^API key (?:not valid|expired)/i, type: "provider_auth" },
  {
    status: [400, 413, 422],
    code: ["context_length_exceeded", "string_above_max_length", "max_tokens_per_request"],
    type: "context_length",
  },
  { status: [400, 413, 422], text: tooLong, type: "context_length" },
]
