import { z } from "zod"
import { canaryOutcomes } from "../ports/canary-store.ts"
import { tierName } from "./job-resource.ts"
import { name, timestamp } from "./scalars.ts"

const answering = z.enum(["ok", "degraded", "down", "unknown"])

const endpointHealth = z
  .strictObject({
    name,
    status: z
      .enum([...canaryOutcomes, "unknown"])
      .describe(
        "`ok`; `slow`: a good answer that took too long; `unexpected`: not what `expect` says; `failed`; `unavailable`: out of use, so nobody asked; `unknown`: not asked of late.",
      ),
    checkedAt: timestamp.nullable(),
    latencyMs: z.number().nonnegative().nullable(),
    error: z.string().nullable().describe("The class of the error, why it is out of use, or what the answer lacked."),
  })
  .meta({ id: "EndpointHealth" })

const tierHealth = z
  .strictObject({
    name: tierName,
    status: z.enum(["ok", "degraded", "down", "unknown", "standby"]).describe("`standby`: it asks no provider, and is not tried."),
    endpoints: z.array(endpointHealth),
  })
  .meta({ id: "TierHealth" })

export const inferenceHealth = z
  .strictObject({
    status: answering.describe("That of the worst route; of those that are known."),
    routes: z.record(
      z.string(),
      z.strictObject({
        status: answering.describe(
          "`ok`: the primary tier answers well. `degraded`: some tier answers. `down`: none does. `unknown`: it has no canary, or was not tried of late.",
        ),
        tiers: z.array(tierHealth),
      }),
    ),
  })
  .meta({
    id: "InferenceHealth",
    description:
      "Whether models answer, by the canaries of the routes: what workers found when they last asked, and nothing that is asked now.",
  })
export type InferenceHealth = z.infer<typeof inferenceHealth>
export type RouteHealth = InferenceHealth["routes"][string]
