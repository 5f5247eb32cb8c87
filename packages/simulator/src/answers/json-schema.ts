/** References can lead in a circle; no honest chain of them is this long. */
const MAX_HOPS = 20

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** A JSON Schema as a caller sent it: nothing about it is certain. */
export type JsonSchema = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** The keyword's value if it is a number. */
export function numberOf(schema: JsonSchema, keyword: string): number | undefined {
  const value = schema[keyword]
  return typeof value === "number" ? value : undefined
}

/** The keyword's value if it is a list, else an empty one. */
export function listOf(schema: JsonSchema, keyword: string): readonly unknown[] {
  const value = schema[keyword]
  return Array.isArray(value) ? value : []
}

/** The keyword's value if it is an object, else an empty one. */
export function recordOf(schema: JsonSchema, keyword: string): Readonly<Record<string, unknown>> {
  const value = schema[keyword]
  return isRecord(value) ? value : {}
}

/**
 * The schema with its local `$ref` followed and its `allOf` merged in. Other documents are not fetched: a reference to
 * one stands for "anything".
 */
export function resolveSchema(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema {
  let resolved = schema
  for (let hops = 0; hops < MAX_HOPS && typeof resolved.$ref === "string"; hops++) {
    const { $ref: pointer, ...siblings } = resolved
    resolved = { ...followPointer(root, String(pointer)), ...siblings }
  }
  if (depth > MAX_HOPS) return resolved
  const parts = listOf(resolved, "allOf").filter(isRecord)
  return parts.reduce((merged, part) => mergeSchemas(merged, resolveSchema(part, root, depth + 1)), resolved)
}

function mergeSchemas(left: JsonSchema, right: JsonSchema): JsonSchema {
  const merged = { ...left, ...right }
  if (!("properties" in merged || "required" in merged)) return merged
  return {
    ...merged,
    properties: { ...recordOf(left, "properties"), ...recordOf(right, "properties") },
    required: [...listOf(left, "required"), ...listOf(right, "required")],
  }
}

/** JSON Pointer (RFC 6901) inside one document. */
function followPointer(root: JsonSchema, pointer: string): JsonSchema {
  let target: unknown = root
  for (const token of pointer.split("/").slice(1)) {
    const key = decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~")
    target = isRecord(target) ? target[key] : undefined
  }
  return isRecord(target) ? target : {}
}
