import type { EndpointResource } from "@sluice/core"

type Breaker = EndpointResource["breaker"]
type Change = Breaker["history"][number]

export const breakerNames: Readonly<Record<Breaker["state"], string>> = { closed: "closed", open: "open", half_open: "half open" }

/** Why a breaker changed, in a few words: who did it, or the calls that it was decided on. */
export function reasonOf({ state, by, calls }: Change): string {
  if (by !== null) return `by ${by}`
  if (calls === null) return state === "half_open" ? "its time was over: probes go through" : "by itself"
  const { total, failed, slow } = calls
  if (state === "closed") return `${total - failed} of ${total} probes were answered`
  if (failed > 0) return `${failed} of ${total} calls failed`
  return `${slow} of ${total} calls were slow`
}

/** Classes of error, the most frequent first. */
export function rankedErrors(errors: Readonly<Record<string, number>>): readonly (readonly [type: string, count: number])[] {
  return Object.entries(errors).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
}
