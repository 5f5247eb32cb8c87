import type { ClassificationRule } from "../failure/classify-failure.ts"

const spendingCodes = [
  "enforced_spend_limit_reached",
  "contract_spend_limit_reached",
  "linked_organization_spend_limit_reached",
  "linked_organization_billing_unavailable",
]

/** The account itself is barred or set up wrongly, which only its owner can mend. */
const accountCodes = ["organization_on_hold", "cmek_key_disabled", "cmek_key_network_blocked"]

/** Some of the account's limits are reported as bad requests, and only the sentence tells. */
const spending = /^(?:You have reached your specified|Your credit balance is too low)/

const tooLong = /prompt is too long|exceed(?:s|ed)? (?:the )?(?:context limit|context window|maximum context)/i

/** What Anthropic's answers mean; the first row that holds decides. Whatever no row names is decided by its status alone. */
export const anthropicRules: readonly ClassificationRule[] = [
  { status: [400, 402, 403, 429], code: spendingCodes, type: "provider_quota" },
  { status: [400], text: spending, type: "provider_quota" },
  { status: [400], code: accountCodes, type: "provider_auth" },
  { status: [400], text: /^This organization has been disabled/, type: "provider_auth" },
  { status: [400], text: /content filtering policy/i, type: "content_filter" },
  { status: [400, 413], text: tooLong, type: "context_length" },
]
