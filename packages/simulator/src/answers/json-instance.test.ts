import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { sampleInstance } from "./json-instance.ts"
import { breakInstance } from "./json-violation.ts"

/** Schemas of all the kinds that the sampler knows, as zod schemas, so that zod can be the judge. */
const schemas: fc.Arbitrary<z.ZodType> = fc.letrec<{ any: z.ZodType; leaf: z.ZodType; node: z.ZodType }>((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, tie("leaf"), tie("node")),
  leaf: fc.oneof(
    fc.constant(z.string()),
    fc.tuple(fc.nat(20), fc.nat(30)).map(([min, more]) =>
      z
        .string()
        .min(min)
        .max(min + more),
    ),
    fc.constantFrom<z.ZodType>(z.email(), z.uuid(), z.iso.datetime(), z.iso.date(), z.url(), z.ipv4(), z.ipv6(), z.iso.duration()),
    fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(100)).map(([min, more]) =>
      z
        .int()
        .min(min)
        .max(min + more),
    ),
    fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 2, max: 50 })).map(([min, more]) =>
      z
        .int()
        .gt(min)
        .lt(min + more),
    ),
    fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.double({ min: 0.001, max: 5, noNaN: true })).map(([min, more]) =>
      z
        .number()
        .gt(min)
        .lt(min + more),
    ),
    fc.integer({ min: 2, max: 9 }).map((step) =>
      z
        .int()
        .multipleOf(step)
        .min(step)
        .max(step * 5),
    ),
    fc.constant(z.boolean()),
    fc.constant(z.null()),
    fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }).map((options) => z.enum(options)),
    fc.oneof(fc.string(), fc.integer(), fc.boolean()).map((value) => z.literal(value)),
  ),
  node: fc.oneof(
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("any"), { maxKeys: 4 }).map((shape) => z.strictObject(shape)),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("any"), { maxKeys: 4 }).map((shape) => z.strictObject(shape).partial()),
    fc.tuple(tie("any"), fc.nat(3), fc.nat(3)).map(([items, min, more]) =>
      z
        .array(items)
        .min(min)
        .max(min + more),
    ),
    fc.tuple(tie("any"), tie("any")).map((options) => z.union(options)),
    fc.tuple(tie("any"), tie("any")).map((items) => z.tuple(items)),
    tie("any").map((inner) => inner.nullable()),
  ),
})).any

describe("a sampled instance", () => {
  test("satisfies the schema", () => {
    fc.assert(
      fc.property(schemas, fc.string(), (schema, prompt) => {
        const instance = sampleInstance(z.toJSONSchema(schema), prompt)
        expect(schema.safeParse(instance).error?.issues ?? []).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test("is the same for the same schema and prompt, and made of the prompt's words", () => {
    const schema = { type: "object", properties: { title: { type: "string" } } }
    const instance = sampleInstance(schema, "Minutes of the meeting")
    expect(instance).toEqual(sampleInstance(schema, "Minutes of the meeting"))
    expect(instance).toEqual({ title: "the meeting" })
  })

  test("ends for a schema that contains itself", () => {
    const node = {
      type: "object",
      properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
      required: ["name", "children"],
    }
    const instance = sampleInstance({ $ref: "#/$defs/node", $defs: { node } }, "tree")
    expect(instance).toMatchObject({ name: "tree", children: [{ name: "tree" }] })
  })

  test("ends for a schema that no finite value satisfies", () => {
    const schema = { type: "object", properties: { self: { $ref: "#" } }, required: ["self"] }
    expect(JSON.stringify(sampleInstance(schema, "")).length).toBeLessThan(1000)
  })

  test("ends soon for one that demands itself twice at each level", () => {
    const schema = { type: "object", properties: { left: { $ref: "#" }, right: { $ref: "#" } }, required: ["left", "right"] }
    expect(JSON.stringify(sampleInstance(schema, "")).length).toBeLessThan(200_000)
  })

  test("does not try lengths that no machine can make", () => {
    expect(sampleInstance({ type: "array", items: { type: "null" }, minItems: 1e12 }, "")).toHaveLength(5000)
    expect(sampleInstance({ type: "string", minLength: 1e12 }, "")).toHaveLength(100_000)
  })

  test("takes allOf that contains itself, and allOf without objects", () => {
    expect(sampleInstance({ allOf: [{ $ref: "#" }], const: 1 }, "")).toBe(1)
    expect(sampleInstance({ allOf: [{ minLength: 3 }] }, "word")).toBe("word")
  })

  test("ends for references in a circle", () => {
    expect(sampleInstance({ $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } }, "x")).toBe("x")
  })

  test("prefers the way out of a recursive union", () => {
    const schema = { anyOf: [{ type: "object", properties: { next: { $ref: "#" } }, required: ["next"] }, { type: "null" }] }
    expect(JSON.stringify(sampleInstance(schema, "x"))).toMatch(/null\}+$/)
  })

  test("merges allOf", () => {
    const schema = {
      allOf: [
        { type: "object", properties: { a: { const: 1 } }, required: ["a"] },
        { properties: { b: { const: 2 } }, required: ["b"] },
      ],
    }
    expect(sampleInstance(schema, "")).toEqual({ a: 1, b: 2 })
  })

  test("includes what is required but not described", () => {
    expect(sampleInstance({ type: "object", required: ["x"] }, "word")).toEqual({ x: "word" })
  })
})

describe("a broken instance", () => {
  test.each([
    { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
    { type: "object", properties: { a: { type: "string" } } },
    { type: "array", items: { type: "string" } },
    { type: "string" },
    { type: "integer" },
    { $ref: "#/$defs/a", $defs: { a: { type: "object", properties: { b: { type: "null" } }, required: ["b"] } } },
  ])("violates %j", (schema) => {
    const judge = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)))
    const instance = sampleInstance(schema, "words")
    expect(judge.safeParse(instance).success).toBe(true)
    expect(judge.safeParse(breakInstance(schema, instance)).success).toBe(false)
  })
})
