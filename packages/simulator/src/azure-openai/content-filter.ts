import type { FilterReport } from "../openai/chat-response.ts"

const CLEAN = { filtered: false, severity: "safe" } as const
const CATEGORIES = { hate: CLEAN, self_harm: CLEAN, sexual: CLEAN, violence: CLEAN } as const
const FOUND = { ...CATEGORIES, violence: { filtered: true, severity: "medium" } } as const

/** What Azure says of the prompt and of each choice with an answer. */
export const AZURE_FILTER_REPORT: FilterReport = {
  prompt: [{ prompt_index: 0, content_filter_results: CATEGORIES }],
  choice: (finish) => (finish === "content_filter" ? FOUND : CATEGORIES),
}

/** What Azure says of a prompt that it refuses. */
export const REFUSED_PROMPT = FOUND
