import { extractiveSummary } from "./extractive-summary.ts"
import { keywordSentiment } from "./keyword-sentiment.ts"
import type { Rule } from "./rule.ts"
import { template } from "./template.ts"

/** Rules by their names. */
export type RuleBook = ReadonlyMap<string, Rule>

/** To add a rule, write it in a file of its own with `defineRule`, and put it here. */
export const builtInRules: RuleBook = ruleBookOf([extractiveSummary, keywordSentiment, template])

/** Throws when two have the same name. */
export function ruleBookOf(rules: readonly Rule[]): RuleBook {
  const book = new Map(rules.map((rule) => [rule.name, rule]))
  if (book.size < rules.length) throw new Error(`Two rules have the same name: ${rules.map(({ name }) => name).join(", ")}`)
  return book
}
