import { z } from "zod"
import { milliseconds } from "../contract/scalars.ts"

const target = z.number().gt(0).lt(1)
const off = z.literal("off")

/** What is promised of the answers, and where nothing else is said, of each route. */
export const objectivesConfig = z
  .strictObject({
    availability: z
      .union([off, z.strictObject({ target: target.optional().describe("Share of jobs that are answered. Default 0.99.") })])
      .optional()
      .describe("How many jobs get an answer, from whichever tier. What callers cancel, or ask for in vain, does not count."),
    quality: z
      .union([off, z.strictObject({ target: target.optional().describe("Share of answers. Default 0.95.") })])
      .optional()
      .describe("How many answers come from a model: of the tiers `primary` and `fallback`."),
    latency: z
      .union([off, z.strictObject({ p99Ms: milliseconds.describe("99 % of these answers take at most so long. Default 60000.") })])
      .optional()
      .describe("From when a job could run to its answer by the primary tier. What was submitted with `priority: bulk` does not count."),
    cacheFreshness: z
      .union([
        off,
        z.strictObject({
          maxAgeMs: milliseconds.optional().describe("Older counts as bad. Default 86400000 (a day)."),
          target: target.optional().describe("Share of kept answers. Default 0.95."),
        }),
      ])
      .optional()
      .describe("How old kept answers are when they are given again."),
  })
  .meta({ examples: [{ availability: { target: 0.995 }, latency: { p99Ms: 20_000 } }] })
export type ObjectivesConfig = z.infer<typeof objectivesConfig>
