import { type Json, json } from "@sluice/core"

/** A value as JSON carries it: without keys that are undefined. */
export function toJson(value: unknown): Json {
  return json.parse(JSON.parse(JSON.stringify(value)))
}
