import { ConnectionError } from "../errors/connection-error.ts"
import { SluiceError } from "../errors/sluice-error.ts"
import { UnexpectedAnswerError } from "../errors/unexpected-answer-error.ts"

/** What sending a request twice would do: nothing more than sending it once, or perhaps its work twice. */
export type Repeatable = "safely" | "if_refused"

const baseDelayMs = 250
const maxDelayMs = 8_000
/** A server that asks for more than this is not waited for: the caller had better decide. */
const maxRetryAfterMs = 60_000

/** With these the server, or what stands before it, says that it took nothing on. */
const refusals: ReadonlySet<number> = new Set([429, 503])
/** With these nobody can tell what was done. */
const doubtful: ReadonlySet<number> = new Set([500, 502, 504])

/** Whether a request that failed so may be sent again by itself. */
export function isWorthRetrying(error: unknown, repeatable: Repeatable): boolean {
  if (error instanceof ConnectionError) return repeatable === "safely"
  if (!(error instanceof SluiceError || error instanceof UnexpectedAnswerError)) return false
  if ((error.retryAfterMs ?? 0) > maxRetryAfterMs) return false
  return refusals.has(error.status) || (repeatable === "safely" && doubtful.has(error.status))
}

export interface DelayOptions {
  readonly error: unknown
  /** Retries made before this one. */
  readonly retried: number
  readonly random: () => number
}

/** Milliseconds until the next try: what the server asks for, else "full jitter" (AWS, Exponential Backoff And Jitter). */
export function retryDelayMs({ error, retried, random }: DelayOptions): number {
  const asked = error instanceof SluiceError || error instanceof UnexpectedAnswerError ? error.retryAfterMs : null
  const spread = random() * Math.min(maxDelayMs, baseDelayMs * 2 ** retried)
  return asked === null ? spread : asked + random() * baseDelayMs
}
