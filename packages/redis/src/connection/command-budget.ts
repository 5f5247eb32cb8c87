import { QueueUnavailableError } from "@sluice/core"
import { startDeadline } from "./start-deadline.ts"

type State =
  | { readonly kind: "answering" }
  | { readonly kind: "skipped"; readonly untilMs: number }
  /** One command is on its way to find out whether Redis answers again. */
  | { readonly kind: "probing" }

export interface CommandBudget {
  /** How long a command may take. */
  readonly budgetMs: number
  /**
   * Runs a command that must not keep its caller waiting. Rejects with `QueueUnavailableError` when it takes longer than
   * the budget (it may still be carried out), and at once while Redis is skipped; otherwise settles as the command does.
   */
  run<T>(command: () => Promise<T>): Promise<T>
}

/**
 * Bounds what a silent Redis costs: after one command that took too long all others fail at once for `skipAfterTimeoutMs`,
 * then one goes ahead and the rest follow if it is answered.
 */
export function createCommandBudget(options: {
  readonly address: string
  readonly budgetMs: number
  readonly skipAfterTimeoutMs: number
  readonly monotonicMs?: () => number
}): CommandBudget {
  const { address, budgetMs, skipAfterTimeoutMs, monotonicMs = () => performance.now() } = options
  let state: State = { kind: "answering" }

  const admit = (): void => {
    if (state.kind === "answering") return
    if (state.kind === "skipped" && monotonicMs() >= state.untilMs) {
      state = { kind: "probing" }
      return
    }
    throw new QueueUnavailableError({ message: `Redis at ${address} did not answer within ${budgetMs} ms and is skipped for the moment.` })
  }
  const timedOut = (): QueueUnavailableError => {
    state = { kind: "skipped", untilMs: monotonicMs() + skipAfterTimeoutMs }
    return new QueueUnavailableError({
      message: `Redis at ${address} did not answer within ${budgetMs} ms; it is skipped for ${skipAfterTimeoutMs} ms.`,
    })
  }
  return {
    budgetMs,
    run: async (command) => {
      admit()
      const late = Promise.withResolvers<never>()
      let isLate = false
      const cancelDeadline = startDeadline(budgetMs, () => {
        isLate = true
        late.reject(timedOut())
      })
      try {
        return await Promise.race([command(), late.promise])
      } finally {
        cancelDeadline()
        if (!isLate) state = { kind: "answering" }
      }
    },
  }
}
