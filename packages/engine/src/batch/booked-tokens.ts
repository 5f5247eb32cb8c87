/** More are waited for only by a process that books without ever coming back. */
const maxRemembered = 1_000

/**
 * A booking stands for as many tokens as it was made for. Who comes back may be another set of jobs than those who booked, and
 * must be admitted, and settled, with the tokens of then.
 */
export interface BookedTokens {
  /** The tokens of the lease's booking; `tokens` when it has none that is known here. */
  of(lease: string, tokens: number): number
  note(lease: string, tokens: number): void
  forget(lease: string): void
}

export function createBookedTokens(): BookedTokens {
  const booked = new Map<string, number>()
  return {
    of: (lease, tokens) => booked.get(lease) ?? tokens,
    note(lease, tokens) {
      booked.set(lease, tokens)
      const [oldest] = booked.keys()
      if (booked.size > maxRemembered && oldest !== undefined) booked.delete(oldest)
    },
    forget: (lease) => void booked.delete(lease),
  }
}
