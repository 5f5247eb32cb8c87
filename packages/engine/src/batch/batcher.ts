import type { Clock, Work } from "@sluice/core"
import { type Ask, type AskDependencies, askEndpoint } from "../execute/ask-endpoint.ts"
import { estimateInputTokens } from "../execute/estimate-tokens.ts"
import { askTogether } from "./ask-together.ts"
import { batchPlaceOf } from "./batch-key.ts"
import { createBookedTokens } from "./booked-tokens.ts"
import { type BatchSize, createCollector, fits } from "./collector.ts"
import { type Seat, takeSeat } from "./seat.ts"

export interface BatcherDependencies extends AskDependencies {
  readonly clock: Clock
  readonly newBatchCallId: () => string
}

export interface BatchTiming {
  /** How long an embedding job waits for others that it may share a call with, when none is under way. */
  readonly lingerMs: number
  /** The same while a call of the same kind is under way. */
  readonly maxWaitMs: number
}

/** Less than a call takes, so that one job alone hardly notices. */
const defaultTiming: BatchTiming = { lingerMs: 5, maxWaitMs: 200 }

/**
 * Asks endpoints; embedding jobs that wait in this process at the same time, and want the same but for their texts, are asked for
 * together, as one call and one admission.
 */
export function createBatcher(dependencies: BatcherDependencies, timing: BatchTiming = defaultTiming): Ask {
  const together = { ...dependencies, booked: createBookedTokens() }

  async function send(seats: readonly Seat[]): Promise<void> {
    const pool = seats[0]?.request.pool ?? []
    try {
      await askTogether(together, seats, pool)
    } catch (error) {
      for (const seat of seats) seat.fail(error)
    }
  }
  const collector = createCollector<Seat>({ ...timing, send })

  return async (request) => {
    const { work } = request.execution.job
    const place = batchPlaceOf(request)
    if (place === null || work.kind !== "embedding") return await askEndpoint(dependencies, request)
    const size = sizeOf(work)
    if (!fits(size, place.bounds)) return await askEndpoint(dependencies, request)
    const seat = takeSeat({ request, input: work.input, size, joinedAt: dependencies.clock() })
    collector.add(seat, place)
    return await seat.outcome
  }
}

function sizeOf(work: Extract<Work, { kind: "embedding" }>): BatchSize {
  const { texts } = work.input
  return {
    texts: texts.length,
    tokens: estimateInputTokens(work),
    bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
  }
}
