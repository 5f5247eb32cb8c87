import { UsageError } from "../../errors/usage-error.ts"
import type { Session } from "../../session/session.ts"

/** Up to so many are acted on without a question. */
export const unaskedUpTo = 10

export interface Confirmation {
  readonly count: number
  /** What is going to happen, e.g. `replay 1,200 dead letters`. */
  readonly deed: string
  /** `--yes` was given. */
  readonly isAgreed: boolean
}

/** Whether to go on: asks when it is much, or refuses with `UsageError` where there is nobody to ask. */
export async function confirm({ terminal, signal, isJson }: Session, { count, deed, isAgreed }: Confirmation): Promise<boolean> {
  if (isAgreed || count <= unaskedUpTo) return true
  if (!terminal.isInteractive || isJson) throw new UsageError(`This would ${deed}. Add --yes to do it, or --dry-run to only count.`)
  const answer = await terminal.ask(`This will ${deed}. Go on? [y/N] `, signal)
  return /^\s*y(?:es)?\s*$/i.test(answer)
}

export function deadLetters(count: number): string {
  return `${count.toLocaleString("en")} dead letter${count === 1 ? "" : "s"}`
}
