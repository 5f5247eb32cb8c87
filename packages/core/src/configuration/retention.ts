import { z } from "zod"
import { milliseconds } from "../contract/scalars.ts"

const dayMs = 86_400_000

const after = (status: string) => `How long a job is kept after it has ${status}, in milliseconds.`

/** What failed is kept longest: it is what dead letters are made of. */
export const retention = z
  .strictObject({
    succeeded: milliseconds.default(30 * dayMs).describe(after("succeeded")),
    failed: milliseconds.default(90 * dayMs).describe(after("failed")),
    cancelled: milliseconds.default(30 * dayMs).describe(after("been cancelled")),
    expired: milliseconds.default(90 * dayMs).describe(after("expired")),
  })
  .describe("How long jobs are kept with their output, deliveries and cache entries, by how they ended, unless a job says so (`retainMs`).")
export type Retention = z.infer<typeof retention>
