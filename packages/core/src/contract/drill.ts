import { z } from "zod"
import { tierName } from "./job-resource.ts"
import { json, name } from "./scalars.ts"

/** The body of `POST /v1/routes/{name}/drill`. Everything may be left out. */
export const drillRequest = z.strictObject({
  /** What each tier is asked; by the kind of the route. Default: the route's canary. */
  input: json.optional(),
  /** Chooses the rule and the static text. */
  task: name.nullish(),
})
export type DrillRequest = z.infer<typeof drillRequest>

/** One job for each tier of a route, which that tier alone may answer. */
export const drillResource = z.strictObject({
  object: z.literal("drill"),
  route: name,
  jobs: z.array(z.strictObject({ tier: tierName, jobId: z.string() })),
})
export type DrillResource = z.infer<typeof drillResource>
