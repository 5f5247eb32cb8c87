import type { CanaryExpectation, GeneratedOutput, Json } from "@sluice/core"
import { InvalidSchemaError, type SchemaCache } from "../structure/schema-cache.ts"

/** What an answer lacks of what was expected, without anything of the answer; null: nothing. */
export function checkExpectation(schemas: SchemaCache, expectation: CanaryExpectation, generated: GeneratedOutput): string | null {
  const text = textOf(generated)
  const { contains, matches, minLength = 1, schema } = expectation
  if (text.length < minLength) return `The answer has ${text.length} characters, ${minLength} are expected.`
  if (contains !== undefined && !text.toLowerCase().includes(contains.toLowerCase())) return `The answer does not contain "${contains}".`
  if (matches !== undefined && !new RegExp(matches, "u").test(text)) return `The answer does not match ${matches}.`
  return schema === undefined ? null : faultBySchema(schemas, schema, generated)
}

function faultBySchema(schemas: SchemaCache, schema: NonNullable<CanaryExpectation["schema"]>, generated: GeneratedOutput): string | null {
  const value = generated.kind === "chat" ? jsonOf(generated.output.text) : comparableOf(generated)
  if (value === undefined) return "The answer is not JSON."
  try {
    const validate = schemas.validatorFor(schema)
    if (validate(value)) return null
    const [first] = validate.errors ?? []
    return `The answer does not satisfy the JSON Schema: ${first?.instancePath || "/"} ${first?.message ?? "is wrong"}.`
  } catch (error) {
    if (error instanceof InvalidSchemaError) return `The JSON Schema in \`expect\` is none: ${error.message}`
    throw error
  }
}

function comparableOf(generated: Exclude<GeneratedOutput, { kind: "chat" }>): unknown {
  return generated.kind === "image" ? { images: generated.images.length } : generated.output
}

function textOf(generated: GeneratedOutput): string {
  if (generated.kind === "chat") {
    const { text, toolCalls } = generated.output
    return text === "" && toolCalls.length > 0 ? JSON.stringify(toolCalls) : text
  }
  const value = comparableOf(generated)
  return typeof value === "string" ? value : JSON.stringify(value)
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
