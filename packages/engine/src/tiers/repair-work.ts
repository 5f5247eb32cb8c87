import type { ChatMessage, Work } from "@sluice/core"

type ChatWork = Extract<Work, { kind: "chat" }>

/** What of a wrong answer is sent back. A longer one is cut in the middle: where it begins and ends tells most. */
const maxQuotedChars = 32_000

/**
 * The one follow-up that asks a model to repair its answer: the conversation, the answer, what is wrong with it (`why`), and the
 * demand for nothing but JSON. Everything else of the request stays as it is.
 */
export function repairWork(work: ChatWork, answerText: string, why: string): ChatWork {
  // Some providers refuse a message without text.
  const said: readonly ChatMessage[] = answerText.trim() === "" ? [] : [{ role: "assistant", content: shortened(answerText) }]
  const demand: ChatMessage = { role: "user", content: demandOf(work, why) }
  return { ...work, input: { ...work.input, messages: [...work.input.messages, ...said, demand] } }
}

function demandOf({ input }: ChatWork, why: string): string {
  const expected = input.responseFormat?.type === "json_schema" ? "that satisfies the JSON Schema that was asked for" : "that can be parsed"
  return `Your last answer cannot be used: ${why}. Answer again, complete and corrected, with one JSON value ${expected}. Write nothing else: no explanation, no code fence.`
}

function shortened(text: string): string {
  if (text.length <= maxQuotedChars) return text
  const half = maxQuotedChars / 2
  return `${text.slice(0, half)}\n[...]\n${text.slice(-half)}`
}
