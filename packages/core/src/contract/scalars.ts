import { z } from "zod"

/** ISO 8601 in UTC, as every timestamp on the wire. */
export const timestamp = z.iso.datetime().meta({ description: "ISO 8601, UTC", examples: ["2026-11-20T18:00:00.000Z"] })

/** Lower case letters, digits, dashes and underscores: safe in URLs, metric labels and queue names. */
export const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/, "Expected 1 to 64 lower case letters, digits, dashes or underscores")
  .meta({ examples: ["chat"] })

export const jobId = z
  .string()
  .regex(/^job_[0-9a-f]{32}$/, "Expected a job id such as job_01993f0ac1d27c4e8b60a1b2c3d4e5f6")
  .meta({ description: "A job's id.", examples: ["job_01993f0ac1d27c4e8b60a1b2c3d4e5f6"] })

/** A moment in a request, which may be in any time zone. */
export const moment = z.iso.datetime({ offset: true }).meta({ examples: ["2026-11-20T18:00:00Z"] })

/** Milliseconds, whole and positive. */
export const milliseconds = z.int().positive()

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/**
 * Any JSON value, kept as it is. It comes from `JSON.parse`, so it need not be walked again; and zod's own `json` and `record`
 * lose keys called `__proto__`, which are as good as any other in plain data.
 */
export const json = z.custom<Json>((value) => value !== undefined, "Expected a JSON value").meta({ description: "Any JSON value." })

export type JsonObject = { [key: string]: Json }

/** A JSON object of any shape, e.g. a JSON Schema or a provider's own options. */
export const jsonObject = z.custom<JsonObject>(isObject, "Expected an object").meta({ type: "object", description: "Any JSON object." })

/** A value that did not come from `JSON.parse` and may be something else, such as YAML's `.nan`. */
export const checkedJson = z.json()
export const checkedJsonObject = z.record(z.string(), checkedJson)

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
