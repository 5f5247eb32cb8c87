import { z } from "zod"
import { milliseconds } from "../contract/scalars.ts"

const dayMs = 86_400_000

/**
 * How long a job is kept after it has ended in this status, with its output, its deliveries and the cache entries that it
 * left, unless the job itself says so (`retainMs`). What failed is kept longest: it is what dead letters are made of.
 */
export const retention = z.strictObject({
  succeeded: milliseconds.default(30 * dayMs),
  failed: milliseconds.default(90 * dayMs),
  cancelled: milliseconds.default(30 * dayMs),
  expired: milliseconds.default(90 * dayMs),
})
export type Retention = z.infer<typeof retention>
