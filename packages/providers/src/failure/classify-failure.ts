import type { ProviderErrorType } from "@sluice/core"

/** One row of a provider's table. All conditions that it names must hold. */
export interface ClassificationRule {
  readonly status?: readonly number[]
  /** Holds when one of the failure's codes is listed or matches. */
  readonly code?: readonly string[] | RegExp
  /** Read last, and only beside a status: prompts echoed in a message can say anything. */
  readonly text?: RegExp
  readonly type: ProviderErrorType
}

export interface FailureToClassify {
  readonly status: number
  readonly codes: readonly string[]
  readonly words: string
}

/** The class of a failure: the first rule of the vendor's table that holds, else what its status means by itself. */
export function classifyFailure(failure: FailureToClassify, rules: readonly ClassificationRule[]): ProviderErrorType {
  return rules.find((rule) => holds(rule, failure))?.type ?? classifyStatus(failure.status)
}

function holds(rule: ClassificationRule, { status, codes, words }: FailureToClassify): boolean {
  if (rule.status !== undefined && !rule.status.includes(status)) return false
  if (rule.text !== undefined && !rule.text.test(words)) return false
  const { code } = rule
  if (code === undefined) return true
  return codes.some((given) => (code instanceof RegExp ? code.test(given) : code.includes(given)))
}

const typeOfStatus: Readonly<Record<number, ProviderErrorType>> = {
  401: "provider_auth",
  402: "provider_quota",
  403: "provider_auth",
  407: "provider_auth",
  408: "timeout",
  429: "rate_limited",
  499: "timeout",
  503: "overloaded",
  504: "timeout",
  522: "timeout",
  524: "timeout",
  529: "overloaded",
}

/** What a status means where the body says nothing better. A redirect is a wrong base URL, which no caller can help. */
function classifyStatus(status: number): ProviderErrorType {
  const known = typeOfStatus[status]
  if (known !== undefined) return known
  return status >= 400 && status < 500 ? "invalid_input" : "provider_internal"
}
