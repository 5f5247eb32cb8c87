import { z } from "zod"
import type { JsonObject } from "../contract/scalars.ts"
import { configuration } from "./configuration.ts"

/**
 * The configuration as a JSON Schema (draft 7, which all editors read), with descriptions, defaults and examples. It says less than
 * the schema it is made of: what spans several places, such as names of endpoints that do not exist, only `sluice check` finds.
 */
export function configurationJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(configuration, { target: "draft-7", io: "input", reused: "inline", override: simplify })
  const text = JSON.stringify({ ...schema, title: "sluice.yaml", description: "The configuration of Sluice." })
  return JSON.parse(text.replaceAll("__schema0", "json"))
}

const safeIntegers = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"]>

/** Leaves out what an editor would only show as noise. */
const simplify: Override = ({ jsonSchema }) => {
  if (jsonSchema.format === "starts_with") delete jsonSchema.format
  if (safeIntegers.includes(jsonSchema.maximum ?? 0)) delete jsonSchema.maximum
  if (safeIntegers.includes(jsonSchema.minimum ?? 0)) delete jsonSchema.minimum
}
