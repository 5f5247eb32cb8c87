import { z } from "zod"
import { tierName } from "./job-resource.ts"
import { json, name } from "./scalars.ts"

export const drillRequest = z
  .strictObject({
    input: json.optional().describe("What each tier is asked; by the kind of the route. Default: the route's canary."),
    task: name.nullish().describe("Chooses the rule and the static text."),
  })
  .meta({ id: "DrillRequest", description: "The body of `POST /v1/routes/{name}/drill`. Everything may be left out." })
export type DrillRequest = z.infer<typeof drillRequest>

export const drillResource = z
  .strictObject({
    object: z.literal("drill"),
    route: name,
    jobs: z.array(z.strictObject({ tier: tierName, jobId: z.string() })),
  })
  .meta({ id: "Drill", description: "One job for each tier of a route, which that tier alone may answer." })
export type DrillResource = z.infer<typeof drillResource>
