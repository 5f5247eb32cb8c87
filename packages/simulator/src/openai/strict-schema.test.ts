import { expect, test } from "vitest"
import { strictSchemaFault } from "./strict-schema.ts"

const strict = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false }

test("a schema whose objects are closed and require all that they have is strict", () => {
  const schema = {
    ...strict,
    properties: { a: { type: "array", items: strict }, b: { anyOf: [strict, { type: "null" }] } },
    required: ["a", "b"],
    $defs: { strict },
  }
  expect(strictSchemaFault(schema)).toBeNull()
})

test.each([
  ["an open object", { type: "object", properties: {} }, "In context=()"],
  ["an optional property", { ...strict, required: [] }, "Missing 'a'"],
  ["an open object in a property", { ...strict, properties: { a: { type: "object" } } }, "In context=('properties', 'a')"],
  [
    "an open object in a list",
    { ...strict, properties: { a: { type: "array", items: { type: "object" } } } },
    "In context=('properties', 'a', 'items')",
  ],
  ["an open object in a choice", { ...strict, properties: { a: { anyOf: [strict, { type: "object" }] } } }, "'anyOf', '1'"],
  ["an open object among the definitions", { ...strict, $defs: { b: { type: "object" } } }, "In context=('$defs', 'b')"],
])("%s is not strict", (_, schema, expected) => {
  expect(strictSchemaFault(schema)).toContain(expected)
})
