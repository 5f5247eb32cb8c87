import { nearestName } from "@sluice/core"

export interface KnownNames {
  readonly what: "route" | "endpoint" | "alert channel"
  /** What the caller wrote. It is not repeated: it may be anything. */
  readonly name: string
  readonly known: readonly string[]
}

/** What to say to who named one that there is not: the one that was most likely meant, and all that there are. */
export function knownNames({ what, name, known }: KnownNames): string {
  if (known.length === 0) return `The configuration has no ${what}s.`
  const nearest = nearestName(name, known)
  return `${nearest === null ? "" : `Did you mean "${nearest}"? `}There are the ${what}s ${known.join(", ")}.`
}
