import { expect, test } from "vitest"
import { configurationJsonSchema } from "./configuration-json-schema.ts"

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly const?: unknown
}

/** The paths of all properties, with what is said of each. */
function propertiesOf(schema: Schema, path: string): [string, Schema][] {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = schema
  const own = Object.entries(properties).flatMap(([name, property]): [string, Schema][] => [
    [`${path}.${name}`, property],
    ...propertiesOf(property, `${path}.${name}`),
  ])
  const inner = [...(typeof additionalProperties === "object" ? [additionalProperties] : []), ...(items ? [items] : []), ...anyOf, ...oneOf]
  return [...own, ...inner.flatMap((schema) => propertiesOf(schema, `${path}[]`))]
}

const root: Schema = configurationJsonSchema()
const properties = propertiesOf(root, "")

test("says something of every property", () => {
  expect(properties.length).toBeGreaterThan(90)
  // The name of a tier says itself which it is; the classes of error are explained where they are reported.
  const explained = (path: string, { description, const: value }: Schema) =>
    description !== undefined || value !== undefined || path.includes(".retry[].")
  expect(properties.filter(([path, schema]) => !explained(path, schema)).map(([path]) => path)).toEqual([])
})

test("has defaults and examples, and none of the bounds that every number has", () => {
  const text = JSON.stringify(root)
  expect(root).toMatchObject({ properties: { retention: { properties: { failed: { default: 7_776_000_000 } } } } })
  expect(text).toContain('"examples":["env:OPENAI_API_KEY"')
  expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER))
})
