import { expect, test } from "vitest"
import { createSchemaCache, InvalidSchemaError } from "./schema-cache.ts"

const schemas = createSchemaCache()

test.each([
  "http://json-schema.org/draft-07/schema#",
  "https://json-schema.org/draft/2020-12/schema",
  "http://json-schema.org/draft-04/schema#",
])("takes a schema that says it is of %s", ($schema) => {
  const validate = schemas.validatorFor({ $schema, type: "object", properties: { n: { type: "number" } } })
  expect([validate({ n: 1 }), validate({ n: "1" })]).toEqual([true, false])
})

test("reads a schema by the draft that it names: what was items is prefixItems since", () => {
  const tuple = { items: [{ type: "number" }] }
  expect(schemas.validatorFor({ $schema: "http://json-schema.org/draft-07/schema#", ...tuple })(["x"])).toBe(false)
  expect(() => schemas.validatorFor(tuple)).toThrow(InvalidSchemaError)
})

test("refuses a dialect that it does not know", () => {
  expect(() => schemas.validatorFor({ $schema: "https://example.com/dialect" })).toThrow(InvalidSchemaError)
})
