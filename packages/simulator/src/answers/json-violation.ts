import { isRecord, type Json, type JsonSchema, listOf, resolveSchema } from "./json-schema.ts"

/**
 * A value that breaks `schema` although `instance` satisfies it, in the ways a model does: a required property is left
 * out or, where none is required, the whole has another type. A schema that allows everything cannot be broken.
 */
export function breakInstance(schema: JsonSchema, instance: Json): Json {
  if (!isRecord(instance)) return { value: instance }
  const required = listOf(resolveSchema(schema, schema), "required")
  const left = required.find((name) => typeof name === "string" && Object.hasOwn(instance, name))
  return left === undefined ? [instance] : Object.fromEntries(Object.entries(instance).filter(([name]) => name !== left))
}
