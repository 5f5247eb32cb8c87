import { z } from "zod"
import { grantNames } from "./scope.ts"

const known: ReadonlySet<string> = new Set(grantNames)

/**
 * A scope, or a wildcard: `jobs:*` is all of an area, `*:read` all reading and `*` everything within the tenant. Wildcards also
 * stand for scopes that later releases bring. Those of operators are never among `*` and `*:read`: they are named, or `operate:*`.
 */
export const grant = z
  .string()
  .max(64)
  .refine((text) => known.has(text), { error: `Expected one of ${grantNames.join(", ")}` })
