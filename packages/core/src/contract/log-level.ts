import { z } from "zod"
import { timestamp } from "./scalars.ts"

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const
export const logLevel = z.enum(logLevels)
export type LogLevel = (typeof logLevels)[number]

export const processKinds = ["api", "worker"] as const

const maxForMs = 86_400_000

/** The body of `PUT /v1/log-level`. */
export const setLogLevelRequest = z.strictObject({
  level: logLevel.describe("What is logged from now on."),
  of: z.enum(processKinds).nullish().describe("By processes of this kind alone. Default: by all."),
  forMs: z
    .int()
    .min(1_000)
    .max(maxForMs)
    .default(900_000)
    .describe("After so long every process logs again what it is configured to. At most a day. Default: 15 minutes."),
})
export type SetLogLevelRequest = z.infer<typeof setLogLevelRequest>

export const logLevelResource = z
  .strictObject({
    object: z.literal("log_level"),
    override: z
      .strictObject({
        level: logLevel,
        of: z.enum(processKinds).nullable().describe("Processes of which kind; null: all."),
        until: timestamp,
        by: z.string().describe("The key that asked for it."),
      })
      .nullable()
      .describe("What an operator has asked for, while it stands. Null: each process logs what `LOG_LEVEL` says."),
  })
  .meta({ id: "LogLevel", description: "What an operator has asked to be logged. Each process heeds it within two seconds." })
export type LogLevelResource = z.infer<typeof logLevelResource>
