import type { DeadLetterFilterBody, JsonObject } from "@sluice/core"

/** What a request selected by, for the audit log. */
export function selectionDetails({
  filter,
  ids,
}: {
  readonly filter?: DeadLetterFilterBody | undefined
  readonly ids?: readonly string[] | undefined
}): JsonObject {
  const given = Object.entries(filter ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return { filter: filter ? Object.fromEntries(given) : null, ids: ids ? [...ids] : null }
}
