import type { ResponseFormat, Tool } from "@sluice/core"

interface GivenFunction {
  readonly name: string
  readonly description?: string | null | undefined
  readonly parameters?: Tool["parameters"] | null | undefined
  readonly strict?: boolean | null | undefined
}

/** A function as Sluice has it; what was left out, or null, stays out. */
export function toTool({ name, description, parameters, strict }: GivenFunction): Omit<Tool, "parameters"> & Partial<Tool> {
  return { name, ...(description && { description }), ...(parameters && { parameters }), ...(typeof strict === "boolean" && { strict }) }
}

interface GivenSchema {
  readonly name: string
  readonly description?: string | null | undefined
  readonly schema?: Tool["parameters"] | null | undefined
  readonly strict?: boolean | null | undefined
}

/** A schema for an answer as Sluice has it. */
export function toSchemaFormat({ name, description, schema, strict }: GivenSchema): ResponseFormat {
  return {
    type: "json_schema",
    name,
    schema: schema ?? {},
    ...(description && { description }),
    ...(typeof strict === "boolean" && { strict }),
  }
}
