import { Validator } from "@seriousme/openapi-schema-validator"
import { type Operation, operations } from "@sluice/core/operations"
import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, test } from "vitest"
import { createOpenapiDocument } from "./create-document.ts"

const document = createOpenapiDocument()
const contents = operations.flatMap((operation) => [
  ...(operation.body ? [{ of: `${operation.id}, request`, content: operation.body.content }] : []),
  ...Object.entries(operation.answers).flatMap(([status, { content }]) => (content ? [{ of: `${operation.id}, ${status}`, content }] : [])),
])

test("is valid OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)))
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
})

test("its schemas are JSON Schema, and nothing in them is unknown", () => {
  const ajv = new Ajv2020({ strictSchema: true, strictTypes: false, validateFormats: false, allowUnionTypes: true })
  ajv.addVocabulary(["example", "discriminator", "components"])
  expect(() => ajv.compile({ $id: "document", components: document.components })).not.toThrow()
  for (const name of Object.keys(document.components?.schemas ?? {})) {
    expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` }), name).not.toThrow()
  }
})

test("no two operations share a name or an address", () => {
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
  expect(new Set(operations.map(({ method, path }) => `${method} ${path}`)).size).toBe(operations.length)
})

test.each(contents)("has valid examples: $of", ({ content }) => {
  for (const [type, { schema, examples }] of Object.entries(content)) {
    if (schema === null) continue
    expect(Object.keys(examples), type).not.toEqual([])
    for (const [name, value] of Object.entries(examples)) expect(schema.safeParse(value).error, `${type} ${name}`).toBeUndefined()
  }
})

describe.each(operations)("$id", (operation) => {
  test("says in its path what its parameters are", () => {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(Object.keys(operation.pathParameters?.shape ?? {})).toEqual(inPath)
  })

  test("describes each parameter, and shows a value of it", () => {
    for (const { name, description, example, schema } of parametersOf(operation)) {
      expect(description, name).toBeTruthy()
      expect(example !== undefined || showsValue(schema), name).toBe(true)
    }
  })
})

interface Parameter {
  readonly name: string
  readonly description?: string
  readonly example?: unknown
  readonly schema: Record<string, unknown>
}

function parametersOf({ path, method }: Operation): Parameter[] {
  const item = document.paths?.[path]
  const described: unknown = method === "put" ? item?.put?.parameters : item?.[method]?.parameters
  return JSON.parse(JSON.stringify(described ?? []))
}

/** An enumeration or a default shows one as well as an example. */
function showsValue(schema: Record<string, unknown>): boolean {
  const { $ref } = schema
  const named = typeof $ref === "string" ? document.components?.schemas?.[$ref.split("/").at(-1) ?? ""] : schema
  return ["examples", "enum", "const", "default"].some((key) => Object.hasOwn(Object(named), key)) || Object.hasOwn(schema, "examples")
}
