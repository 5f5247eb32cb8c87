import { QueueUnavailableError } from "@sluice/core"
import { startDeadline } from "../connection/start-deadline.ts"

export interface GroupCommitOptions<T> {
  /** Writes one group. The outcomes stand in the order of the items; a rejection is the outcome of all of them. */
  readonly commit: (items: readonly T[]) => Promise<readonly PromiseSettledResult<unknown>[]>
  /** How many items are written at once. */
  readonly maxGroup: number
  /** How many items may be in line; a call that would exceed it is rejected at once. */
  readonly maxPending: number
  /** How long a call waits for its items, in line and in flight together. */
  readonly waitMs: number
}

export interface GroupCommit<T> {
  /** Resolves when all items are written; rejects with the first failure, or `QueueUnavailableError` after `waitMs`. */
  submit(items: readonly T[]): Promise<void>
}

interface Call {
  remaining: number
  isSettled: boolean
  readonly settle: (failure?: { readonly reason: unknown }) => void
}

interface Slot<T> {
  readonly item: T
  readonly call: Call
}

function createCall(size: number, waitMs: number): { readonly call: Call; readonly settled: Promise<void> } {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const call: Call = {
    remaining: size,
    isSettled: false,
    settle: (failure) => {
      if (call.isSettled) return
      call.isSettled = true
      cancelDeadline()
      if (failure === undefined) resolve()
      else reject(failure.reason)
    },
  }
  const cancelDeadline = startDeadline(waitMs, () => {
    call.settle({ reason: new QueueUnavailableError({ message: `Redis did not take the entries within ${waitMs} ms.` }) })
  })
  return { call, settled: promise }
}

function settleSlot({ call }: Slot<unknown>, outcome: PromiseSettledResult<unknown> | undefined): void {
  if (outcome?.status === "fulfilled") {
    call.remaining -= 1
    if (call.remaining === 0) call.settle()
  } else {
    call.settle({ reason: outcome?.reason ?? new Error("The write has no outcome.") })
  }
}

/**
 * Concurrent calls become one write: at once when none is in flight, otherwise together with all that arrived meanwhile, in
 * the order of the calls.
 */
export function createGroupCommit<T>(options: GroupCommitOptions<T>): GroupCommit<T> {
  const { commit, maxGroup, maxPending, waitMs } = options
  const pending: Slot<T>[] = []
  let isFlushing = false

  const outcomesOf = async (group: readonly Slot<T>[]): Promise<readonly PromiseSettledResult<unknown>[]> => {
    try {
      return await commit(group.map((slot) => slot.item))
    } catch (reason) {
      return group.map(() => ({ status: "rejected", reason }))
    }
  }
  const flush = async (): Promise<void> => {
    while (pending.length > 0) {
      const group = pending.splice(0, maxGroup).filter((slot) => !slot.call.isSettled)
      if (group.length === 0) continue
      const outcomes = await outcomesOf(group)
      group.forEach((slot, index) => {
        settleSlot(slot, outcomes[index])
      })
    }
    isFlushing = false
  }
  const start = (): void => {
    if (isFlushing) return
    isFlushing = true
    // Everything that is submitted in this turn of the event loop joins the first group.
    setImmediate(() => void flush())
  }
  return {
    submit: async (items) => {
      if (items.length === 0) return
      if (pending.length + items.length > maxPending) {
        throw new QueueUnavailableError({
          message: `More than ${maxPending} entries are in line for Redis, which takes them more slowly than they arrive.`,
        })
      }
      const { call, settled } = createCall(items.length, waitMs)
      for (const item of items) pending.push({ item, call })
      start()
      await settled
    },
  }
}
