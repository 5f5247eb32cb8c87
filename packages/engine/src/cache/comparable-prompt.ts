import type { Work } from "@sluice/core"
import { canonicalJson } from "../submit/canonical-json.ts"
import { type NormalChat, normaliseChat } from "./normalise-work.ts"
import { sha256 } from "./request-key.ts"

/** A longer text would have to be compared by a part of it, and two that differ elsewhere would look the same. */
const maxComparedChars = 32_768

export interface ComparablePrompt {
  /** Prompts are compared only if theirs are equal. */
  readonly scope: string
  readonly text: string
}

/**
 * What of a chat may be compared with that of another: the text of the last message, if it is the user's. All else must be
 * equal, and makes the scope: what was said before (or every "yes, please" were the same request), images, tools, response
 * format and provider options. How the answer is sampled, and how long it may be, does not matter. Null for whatever has no such
 * text, or too long a one.
 */
export function comparablePromptOf(work: Work): ComparablePrompt | null {
  if (work.kind !== "chat") return null
  const chat = normaliseChat(work.input)
  const last = chat.messages.at(-1)
  if (last?.role !== "user") return null
  const text = last.content.flatMap((part) => (part.type === "text" ? part.text : [])).join("\n")
  if (text.trim() === "" || text.length > maxComparedChars) return null
  return { scope: scopeOf(chat), text }
}

function scopeOf({ sampling: _sampling, ...chat }: NormalChat): string {
  const last = chat.messages.at(-1)
  const rest = last ? [{ ...last, content: last.content.filter(({ type }) => type !== "text") }] : []
  return sha256(canonicalJson({ ...chat, messages: [...chat.messages.slice(0, -1), ...rest] }))
}
