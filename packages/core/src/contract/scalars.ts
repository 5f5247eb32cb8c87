import { z } from "zod"

/** ISO 8601 in UTC, as every timestamp on the wire. */
export const timestamp = z.iso.datetime().meta({ description: "ISO 8601, UTC", examples: ["2026-11-20T18:00:00.000Z"] })

/** Lower case letters, digits, dashes and underscores: safe in URLs, metric labels and queue names. */
export const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/, "Expected 1 to 64 lower case letters, digits, dashes or underscores")

export const jobId = z.string().regex(/^job_[0-9a-f]{32}$/, "Expected a job id such as job_01993f0ac1d27c4e8b60a1b2c3d4e5f6")

/** Milliseconds, whole and positive. */
export const milliseconds = z.int().positive()

/** Any JSON value; named so that the generated schema refers to itself. */
export const json = z.json().meta({ id: "Json" })
export type Json = z.infer<typeof json>

/** A JSON object of any shape, e.g. a JSON Schema or a provider's own options. */
export const jsonObject = z.record(z.string(), json)
export type JsonObject = z.infer<typeof jsonObject>
