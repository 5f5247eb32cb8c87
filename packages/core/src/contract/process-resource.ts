import { z } from "zod"
import { logLevel, processKinds } from "./log-level.ts"
import { timestamp } from "./scalars.ts"

export const processId = z
  .string()
  .regex(/^[a-z0-9.-]{1,80}$/, "Expected a process's id, as GET /v1/processes lists them")
  .meta({ description: "The process's id.", examples: ["worker-7f9c-31-a1b2c3d4"] })

export const processResource = z
  .strictObject({
    id: processId,
    object: z.literal("process"),
    kind: z.enum(processKinds),
    host: z.string(),
    pid: z.int().nonnegative(),
    startedAt: timestamp,
    logLevel: logLevel.describe("What it logs now."),
    configuredLogLevel: logLevel.describe("What it logs unless it is told otherwise."),
  })
  .meta({ id: "Process", description: "A process of this installation that has given a sign of life within the last ten seconds." })
export type ProcessResource = z.infer<typeof processResource>

export const maxProfileMs = 60_000

/** The body of `POST /v1/processes/{id}/profiles`. */
export const createProfileRequest = z.strictObject({
  kind: z
    .enum(["cpu", "heap"])
    .describe("`cpu`: what it is busy with. `heap`: what is in its memory, prompts and keys included; the process stands still meanwhile."),
  durationMs: z
    .int()
    .min(100)
    .max(maxProfileMs)
    .default(10_000)
    .describe("Of a CPU profile. Default: 10 s. A heap snapshot takes as long as it takes."),
})
export type CreateProfileRequest = z.infer<typeof createProfileRequest>

export const profileResource = z
  .strictObject({
    object: z.literal("profile"),
    processId,
    kind: z.enum(["cpu", "heap"]),
    file: z.string().describe("Where it is, on the machine of that process: in the folder of its `SLUICE_PROFILE_DIR`."),
    bytes: z.int().nonnegative(),
  })
  .meta({ id: "Profile", description: "A file that was written for Chrome's developer tools." })
export type ProfileResource = z.infer<typeof profileResource>
