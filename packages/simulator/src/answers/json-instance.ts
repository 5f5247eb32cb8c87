import { sampleNumber, sampleString } from "./json-scalars.ts"
import { isRecord, type Json, type JsonSchema, listOf, numberOf, recordOf, resolveSchema } from "./json-schema.ts"
import { wordsOf } from "./word-list.ts"

/** Below this depth only what the schema demands is filled in, so that a recursive schema ends. */
const MAX_FREE_DEPTH = 5
/** A schema that demands its own recursion has no finite instance; these are where we stop trying. */
const MAX_DEPTH = 40
const MAX_VALUES = 5000

interface Sampling {
  readonly root: JsonSchema
  readonly words: readonly string[]
  /** How many values were made, which is what makes one differ from the next. */
  made: number
}

/**
 * A JSON value that satisfies `schema`, the same for the same arguments; its strings are words of `text`.
 *
 * It knows type, properties, required, items, prefixItems, enum, const, anyOf, oneOf, allOf, local $ref, the bounds of
 * numbers, lengths of strings and arrays, multipleOf and the common formats. It does not know `pattern`, `not`,
 * conditions or patternProperties.
 */
export function sampleInstance(schema: JsonSchema, text: string): Json {
  return sample(schema, { root: schema, words: wordsOf(text), made: 0 }, 0)
}

function sample(unresolved: unknown, sampling: Sampling, depth: number): Json {
  if (!isRecord(unresolved) || depth > MAX_DEPTH || sampling.made > MAX_VALUES) return null
  const schema = resolveSchema(unresolved, sampling.root)
  sampling.made += 1
  if ("const" in schema) return toJson(schema.const)
  const options = listOf(schema, "enum")
  if (options.length > 0) return toJson(options[sampling.made % options.length])
  const branches = [...listOf(schema, "anyOf"), ...listOf(schema, "oneOf")].filter(isRecord)
  const branch = depth < MAX_FREE_DEPTH ? branches.find((candidate) => typeOf(candidate) !== "null") : branches.find(isLeaf)
  const chosen = branch ?? branches[0]
  if (chosen !== undefined) {
    const { anyOf: _anyOf, oneOf: _oneOf, ...siblings } = schema
    return sample({ ...siblings, ...chosen }, sampling, depth + 1)
  }
  return sampleType(schema, sampling, depth)
}

function sampleType(schema: JsonSchema, sampling: Sampling, depth: number): Json {
  switch (typeOf(schema)) {
    case "object":
      return sampleObject(schema, sampling, depth)
    case "array":
      return sampleArray(schema, sampling, depth)
    case "integer":
    case "number":
      return sampleNumber(schema, sampling.made)
    case "boolean":
      return sampling.made % 2 === 0
    case "null":
      return null
    default:
      return sampleString(schema, sampling.words, sampling.made)
  }
}

function sampleObject(schema: JsonSchema, sampling: Sampling, depth: number): Json {
  const required = new Set(listOf(schema, "required"))
  const properties = recordOf(schema, "properties")
  const names = Object.keys(properties).filter((name) => required.has(name) || depth < MAX_FREE_DEPTH)
  const undeclared = [...required].filter((name) => typeof name === "string" && !Object.hasOwn(properties, name))
  return Object.fromEntries([
    ...names.map((name) => [name, sample(properties[name], sampling, depth + 1)]),
    ...undeclared.map((name) => [name, sampleString({}, sampling.words, sampling.made)]),
  ])
}

function sampleArray(schema: JsonSchema, sampling: Sampling, depth: number): Json {
  const prefix = listOf(schema, "prefixItems")
  const free = depth < MAX_FREE_DEPTH ? Math.max(prefix.length, 1) : 0
  const length = Math.min(Math.max(free, numberOf(schema, "minItems") ?? 0), numberOf(schema, "maxItems") ?? MAX_VALUES, MAX_VALUES)
  const rest = schema.items ?? {}
  return Array.from({ length }, (_, index) => sample(prefix[index] ?? rest, sampling, depth + 1))
}

/** The type that the schema names or, if it names none, that its other keywords are about. */
function typeOf(schema: JsonSchema): string | undefined {
  const { type } = schema
  if (typeof type === "string") return type
  if (Array.isArray(type)) return type.find((name) => name !== "null") ?? "null"
  if ("properties" in schema || "required" in schema) return "object"
  if ("items" in schema || "prefixItems" in schema) return "array"
  return "minimum" in schema || "maximum" in schema ? "number" : undefined
}

function isLeaf(schema: JsonSchema): boolean {
  const type = typeOf(schema)
  return !("$ref" in schema) && type !== "object" && type !== "array"
}

/** What comes out of a parsed request is JSON already; this only tells the compiler. */
function toJson(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value
  if (Array.isArray(value)) return value.map(toJson)
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toJson(entry)])) : null
}
