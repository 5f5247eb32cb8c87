import { z } from "zod"
import { breakerState } from "./endpoint-resource.ts"
import { name, timestamp } from "./scalars.ts"

const count = z.int().nonnegative()

export const operationsEvent = z
  .strictObject({
    type: z.literal("operations.changed"),
    at: timestamp,
    endedJobs: count.describe("Runs that ended since the event before, of all tenants, as far as this process heard of them."),
    endpoints: z.array(
      z.strictObject({
        name,
        breaker: breakerState,
        forced: z.enum(["open", "closed"]).nullable(),
        changedAt: timestamp.nullable().describe("When its breaker last changed; null: not within 30 days."),
        inFlight: count,
        isDisabled: z.boolean().describe("Its credential is rejected, or its quota used up."),
      }),
    ),
    routes: z.array(z.strictObject({ name, isPaused: z.boolean() })),
    queues: z.array(z.strictObject({ name, inLine: count, delayed: count, active: count, isPaused: z.boolean() })),
  })
  .meta({
    id: "OperationsEvent",
    description: "The data of one event of `GET /v1/events`: everything as it is, so that an event that was missed is of no consequence.",
  })
export type OperationsEvent = z.infer<typeof operationsEvent>
