import type { ClassificationRule } from "../failure/classify-failure.ts"
import { openaiRules } from "../openai/classify-error.ts"

/**
 * What is Azure's own, before what it shares with OpenAI. Its gateway's 429 stands for a rate, unless the region is full:
 * that speaks of demand, and no allowance helps against it.
 */
export const azureOpenaiRules: readonly ClassificationRule[] = [
  { status: [429], code: ["NoCapacity"], type: "overloaded" },
  { status: [403, 429], text: /^out of call volume quota/i, type: "provider_quota" },
  ...openaiRules,
]
