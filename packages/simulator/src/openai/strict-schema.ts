import { isRecord, type JsonSchema } from "../answers/json-schema.ts"

/**
 * What a strict JSON Schema lacks, as OpenAI says it, or null. With `strict: true` each object must forbid further
 * properties and require all that it has.
 */
export function strictSchemaFault(schema: JsonSchema, context: readonly string[] = []): string | null {
  const where = `In context=(${context.map((part) => `'${part}'`).join(", ")})`
  const { properties } = schema
  if (schema.type === "object" || isRecord(properties)) {
    if (schema.additionalProperties !== false) return `${where}, 'additionalProperties' is required to be supplied and to be false.`
    const missing = missingRequired(schema)
    if (missing !== undefined) {
      return `${where}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`
    }
  }
  return firstFault(childrenOf(schema), context)
}

function missingRequired(schema: JsonSchema): string | undefined {
  const { properties, required } = schema
  const names = Array.isArray(required) ? required : []
  return isRecord(properties) ? Object.keys(properties).find((name) => !names.includes(name)) : undefined
}

function firstFault(children: readonly (readonly [path: readonly string[], schema: unknown])[], context: readonly string[]): string | null {
  for (const [path, child] of children) {
    const fault = isRecord(child) ? strictSchemaFault(child, [...context, ...path]) : null
    if (fault !== null) return fault
  }
  return null
}

/** The schemas inside a schema, with the way to each. */
function childrenOf(schema: JsonSchema): [string[], unknown][] {
  const children: [string[], unknown][] = []
  for (const keyword of ["properties", "$defs", "definitions"]) {
    const named = schema[keyword]
    if (isRecord(named)) for (const [name, child] of Object.entries(named)) children.push([[keyword, name], child])
  }
  const branches = schema.anyOf
  if (Array.isArray(branches)) for (const [index, child] of branches.entries()) children.push([["anyOf", String(index)], child])
  children.push([["items"], schema.items])
  return children
}
