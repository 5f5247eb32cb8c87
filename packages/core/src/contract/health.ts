import { z } from "zod"

/** What `GET /health/live` answers. */
export const liveness = z.strictObject({ status: z.literal("ok") }).meta({ id: "Liveness" })
export type Liveness = z.infer<typeof liveness>

export const readiness = z
  .strictObject({
    status: z.enum(["ok", "unavailable"]),
    checks: z.record(
      z.string(),
      z.strictObject({
        status: z.enum(["ok", "failed"]),
        latencyMs: z.number().nonnegative().nullable().describe("How long it took to answer; null when it did not."),
      }),
    ),
  })
  .meta({ id: "Readiness", description: "What each service that accepting a job depends on says of itself." })
export type Readiness = z.infer<typeof readiness>
