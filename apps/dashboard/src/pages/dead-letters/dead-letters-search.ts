import { type DeadLetterGroups, type DeadLetterState, deadLetterStates, noEndpoint } from "@sluice/core"
import { type Strings, stringsOf } from "../../app/strings-of.ts"

/** `group`: which is looked into; `letter`: the id of the one that is shown. */
export type DeadLettersSearch = Strings<"state" | "group" | "letter">

export function deadLettersSearch(search: Record<string, unknown>): DeadLettersSearch {
  return stringsOf(search, ["state", "group", "letter"])
}

export function stateOf({ state }: DeadLettersSearch): DeadLetterState {
  return deadLetterStates.find((one) => one === state) ?? "open"
}

export type Group = DeadLetterGroups["data"][number]

/** The same for the same cause, in the address. */
export function keyOfGroup({ kind, errorType, route, endpoint }: Group): string {
  return [kind, errorType, route ?? noEndpoint, endpoint ?? noEndpoint].join("/")
}
