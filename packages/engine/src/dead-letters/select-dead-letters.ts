import type { DeadLetterFilter, DeadLetterFilterBody } from "@sluice/core"

/** What a request selects by, one of the two. */
export interface Selection {
  readonly tenantId: string
  readonly filter?: DeadLetterFilterBody | null | undefined
  readonly ids?: readonly string[] | null | undefined
}

/** The open dead letters of a selection. */
export function openOnesOf({ tenantId, filter, ids }: Selection): DeadLetterFilter {
  const { createdAfter, createdBefore, ...same } = filter ?? {}
  return {
    ...same,
    tenantId,
    state: "open",
    ...(ids && { ids }),
    ...(createdAfter !== undefined && { createdAfter: new Date(createdAfter) }),
    ...(createdBefore !== undefined && { createdBefore: new Date(createdBefore) }),
  }
}

/** In words, why less was found than was asked for; null when nothing is missing. */
export function hintOf({ ids }: Pick<Selection, "ids">, found: number): string | null {
  if (!ids) return found > 0 ? null : "No open dead letter matches the filter. GET /v1/dead-letters/summary tells what there is."
  const missing = new Set(ids).size - found
  if (missing === 0) return null
  return `${missing} of the ${ids.length} ids name no open dead letter: it is being replayed, or was resolved, discarded or removed, or never was.`
}

/** A selection as it was when a request was made: what fails later is not part of it. */
export function asOf(filter: DeadLetterFilter, at: Date): DeadLetterFilter {
  const end = new Date(at.getTime() + 1)
  const { createdBefore } = filter
  return { ...filter, createdBefore: createdBefore !== undefined && createdBefore < end ? createdBefore : end }
}
