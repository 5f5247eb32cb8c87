import type { AlertMessage, Severity } from "@sluice/core"

/** A message as people read it, before it takes the form of a service. */
export interface PresentedMessage {
  readonly title: string
  readonly text: string
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  readonly tone: "bad" | "warning" | "good" | "neutral"
}

const words: Readonly<Record<AlertMessage["event"], string>> = {
  firing: "Firing",
  reminder: "Still firing",
  resolved: "Resolved",
  test: "Test",
}
const tones: Readonly<Record<Severity, PresentedMessage["tone"]>> = { page: "bad", ticket: "warning", info: "neutral" }

export function presentMessage({ event, alert }: AlertMessage): PresentedMessage {
  const { rule, subject, severity, summary, advice, since, firedAt, resolvedAt } = alert
  const isOver = event === "resolved"
  return {
    title: `${words[event]}: ${rule}, ${subject}`,
    text: isOver ? `It is over. It was: ${summary}` : `${summary}\n${advice}`,
    facts: [
      { name: "Severity", value: severity },
      { name: "Since", value: (firedAt ?? since).toISOString() },
      ...(resolvedAt ? [{ name: "Over", value: resolvedAt.toISOString() }] : []),
    ],
    tone: isOver ? "good" : event === "test" ? "neutral" : tones[severity],
  }
}

/** At most so many UTF-16 units, as services count, without a half of a pair at the end. */
export function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`
}
