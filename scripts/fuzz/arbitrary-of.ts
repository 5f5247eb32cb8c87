import fc from "fast-check"
import type { Schema } from "./openapi.ts"

export interface SchemaArbitraryOptions {
  /** What `$ref` refers to. */
  readonly schemas: Readonly<Record<string, Schema>>
}

/** How deep schemas are followed: one of them, any JSON, contains itself. */
const maxDepth = 8
const maxItems = 4
const maxLength = 60

/** Values that a JSON Schema, as zod writes it, describes. Those near its bounds come more often than by chance. */
export function arbitraryOf(schema: Schema, { schemas }: SchemaArbitraryOptions): fc.Arbitrary<unknown> {
  const follow = (node: unknown, depth: number): fc.Arbitrary<unknown> => {
    if (!isSchema(node) || depth > maxDepth) return fc.constant(null)
    const child: Follow = (inner) => follow(inner, depth + 1)
    if (typeof node.$ref === "string") return child(schemas[node.$ref.split("/").at(-1) ?? ""])
    const described = choice(node, child) ?? typed(node, child)
    // One by chance has the form of a name, but names nothing.
    return Array.isArray(node.examples) ? fc.oneof(described, fc.constantFrom(...node.examples)) : described
  }
  return follow(schema, 0)
}

type Follow = (child: unknown) => fc.Arbitrary<unknown>

/** For a schema that lists what it takes. */
function choice(node: Schema, follow: Follow): fc.Arbitrary<unknown> | undefined {
  if (Object.hasOwn(node, "const")) return fc.constant(node.const)
  if (Array.isArray(node.enum)) return fc.constantFrom(...node.enum)
  const either = [node.anyOf, node.oneOf].find(Array.isArray)
  return either && fc.oneof(...either.map(follow))
}

function typed(node: Schema, follow: Follow): fc.Arbitrary<unknown> {
  switch (node.type) {
    case "string":
      return text(node)
    case "integer":
      return fc.integer(bounds(node))
    case "number":
      return fc.double({ ...bounds(node), noNaN: true, noDefaultInfinity: true })
    case "boolean":
      return fc.boolean()
    case "null":
      return fc.constant(null)
    case "array":
      return array(node, follow)
    case "object":
      return object(node, follow)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function array(node: Schema, follow: Follow): fc.Arbitrary<unknown> {
  const minLength = numberOf(node.minItems, 0)
  return fc.array(follow(node.items), { minLength, maxLength: Math.max(maxItems, minLength) })
}

function object(node: Schema, follow: Follow): fc.Arbitrary<unknown> {
  const properties = isSchema(node.properties) ? Object.entries(node.properties) : []
  if (properties.length === 0) {
    const values = isSchema(node.additionalProperties) ? follow(node.additionalProperties) : fc.jsonValue({ maxDepth: 1 })
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), values, { maxKeys: maxItems })
  }
  const required = Array.isArray(node.required) ? node.required.map(String) : []
  return fc.record(Object.fromEntries(properties.map(([name, child]) => [name, follow(child)])), { requiredKeys: required })
}

function text(node: Schema): fc.Arbitrary<string> {
  if (node.format === "date-time")
    return fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }).map((date) => date.toISOString())
  if (node.format === "uri") return fc.webUrl()
  if (typeof node.pattern === "string") return fc.stringMatching(new RegExp(node.pattern), { size: "small" })
  const minLength = numberOf(node.minLength, 0)
  return fc.string({ unit: "binary", minLength, maxLength: Math.max(minLength, Math.min(maxLength, numberOf(node.maxLength, maxLength))) })
}

function bounds(node: Schema): { min: number; max: number } {
  const isWhole = node.type === "integer"
  const step = isWhole ? 1 : 1e-6
  const low = Math.max(numberOf(node.minimum, isWhole ? -1e6 : -1e9), numberOf(node.exclusiveMinimum, -Infinity) + step)
  const high = Math.min(numberOf(node.maximum, 1e9), numberOf(node.exclusiveMaximum, Infinity) - step)
  const clamp = (value: number) => (isWhole ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value)) : value)
  return { min: clamp(low), max: Math.max(clamp(low), clamp(high)) }
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
