import type { Clock, DeadLetterStore, DiscardDeadLettersRequest } from "@sluice/core"
import { asOf, hintOf, openOnesOf } from "./select-dead-letters.ts"

export interface DiscardDependencies {
  readonly deadLetters: DeadLetterStore
  readonly clock: Clock
}

export interface DiscardRequest {
  readonly tenantId: string
  readonly by: string
  readonly body: DiscardDeadLettersRequest
}

export type DiscardDeadLetters = (request: DiscardRequest) => Promise<{ readonly discarded: number; readonly hint: string | null }>

/** Bounds how long one write takes. */
const batchSize = 1_000

/** Closes the open dead letters of a selection for good, batch by batch; what fails meanwhile stays open. */
export function createDiscardDeadLetters({ deadLetters, clock }: DiscardDependencies): DiscardDeadLetters {
  return async ({ tenantId, by, body }) => {
    const at = clock()
    const filter = asOf(openOnesOf({ tenantId, ...body }), at)
    let discarded = 0
    for (;;) {
      const count = await deadLetters.discard({ filter, limit: batchSize, by, reason: body.reason, at })
      if (count === 0) return { discarded, hint: hintOf(body, discarded) }
      discarded += count
    }
  }
}
