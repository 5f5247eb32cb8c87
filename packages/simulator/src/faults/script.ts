import type { OutcomeKind } from "./outcome.ts"

/** One line of a script: this outcome for the next `times` calls. */
export interface ScriptStep {
  readonly outcome: OutcomeKind
  readonly times: number
  readonly retryAfterMs?: number | null
  readonly slowMs?: number
  readonly refuseMs?: number
}

/** An explicit list of outcomes for the next calls. */
export interface Script {
  /** The step for this call, used up; null when the script has ended. */
  next(): ScriptStep | null
  /** What is still to come. */
  remaining(): ScriptStep[]
}

/** A script over `steps`, which it does not change. */
export function createScript(steps: readonly ScriptStep[]): Script {
  let index = 0
  let used = 0
  return {
    next() {
      const step = steps[index]
      if (step === undefined) return null
      used += 1
      if (used === step.times) {
        index += 1
        used = 0
      }
      return step
    },
    remaining() {
      return steps.slice(index).map((step, offset) => (offset === 0 ? { ...step, times: step.times - used } : step))
    },
  }
}
