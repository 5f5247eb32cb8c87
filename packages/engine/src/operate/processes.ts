import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import {
  type Clock,
  type CreateProfileRequest,
  type LogLevelOrder,
  type ProcessControl,
  type ProcessReport,
  type ProfileOutcome,
  processTtlMs,
  type SetLogLevelRequest,
} from "@sluice/core"

export interface ProcessesDependencies {
  readonly control: ProcessControl
  readonly clock: Clock
  /** How often it is looked whether a profile is there. Default 250 ms. */
  readonly pollMs?: number
}

export interface ProfileCommand extends CreateProfileRequest {
  readonly processId: string
  /** Aborted when whoever asked has gone. */
  readonly signal: AbortSignal
}

/** What operators do with processes that run. Every method rejects with `QueueUnavailableError` while Redis does not answer. */
export interface Processes {
  list(): Promise<readonly ProcessReport[]>
  logLevel(): Promise<LogLevelOrder | null>
  setLogLevel(request: SetLogLevelRequest & { readonly by: string }): Promise<LogLevelOrder>
  resetLogLevel(): Promise<void>
  /** Resolves when the profile is written, or is not; null when there is no such process. */
  profile(command: ProfileCommand): Promise<ProfileOutcome | null>
}

/** How long a process may take beside the profile itself: to fetch the order, and to write a heap of the largest size. */
const patienceMs = processTtlMs + 40_000

export function createProcesses({ control, clock, pollMs = 250 }: ProcessesDependencies): Processes {
  async function outcomeOf(orderId: string, { durationMs, signal }: ProfileCommand): Promise<ProfileOutcome> {
    const giveUpAt = clock().getTime() + durationMs + patienceMs
    while (clock().getTime() < giveUpAt) {
      const outcome = await control.profileOutcome(orderId)
      if (outcome) return outcome
      await sleep(pollMs, undefined, { signal })
    }
    return { kind: "refused", reason: "The process has not answered. It may have stopped meanwhile; its log says more." }
  }

  return {
    list: control.processes,
    logLevel: control.logLevel,
    async setLogLevel({ level, of, forMs, by }) {
      const order: LogLevelOrder = { level, of: of ?? null, until: new Date(clock().getTime() + forMs), by }
      await control.setLogLevel(order)
      return order
    },
    resetLogLevel: () => control.setLogLevel(null),
    async profile(command) {
      const { processId, kind, durationMs } = command
      if (!(await control.processes()).some(({ id }) => id === processId)) return null
      const id = randomUUID()
      await control.orderProfile({ id, processId, kind, durationMs })
      return await outcomeOf(id, command)
    },
  }
}
