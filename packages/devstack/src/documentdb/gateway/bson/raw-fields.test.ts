import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  deserialize,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from "bson"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { WireError } from "../wire/wire-error.ts"
import { findField, numberValue, rawFields, stringValue } from "./raw-fields.ts"

const values = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true }).map((value) => new Double(value)),
  fc.integer().map((value) => new Int32(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.boolean(),
  fc.constantFrom(
    null,
    new Date(1),
    new MinKey(),
    new MaxKey(),
    new Decimal128("1.5"),
    new Timestamp(5n),
    new ObjectId(),
    new BSONRegExp("a.b", "i"),
    new Code("x"),
    new Code("x", { y: 1 }),
  ),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => new Binary(bytes)),
  fc.array(fc.integer(), { maxLength: 4 }),
  fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.integer()),
)
const documents = fc.dictionary(fc.stringMatching(/^[a-zA-Z$_]{1,10}$/), values, { maxKeys: 12 })

function bsonOf(document: object): Buffer {
  return Buffer.from(serialize(document, { ignoreUndefined: true }))
}

describe("rawFields", () => {
  test("finds the same fields, in the same order, as a whole parser", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const bytes = bsonOf(document)
        expect([...rawFields(bytes)].map(({ name }) => name)).toEqual(Object.keys(deserialize(bytes)))
      }),
    )
  })

  test("cuts each value out so that it can stand in another document", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const bytes = bsonOf(document)
        const elements = [...rawFields(bytes)].map(({ name, type, start, end }) =>
          Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), bytes.subarray(start, end)]),
        )
        expect(Buffer.concat([bytes.subarray(0, 4), ...elements, Buffer.from([0])]).equals(bytes)).toBe(true)
      }),
    )
  })

  test("never reads beyond a damaged document", () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.integer({ min: 0, max: 255 }), (document, at, value) => {
        const bytes = bsonOf(document)
        bytes[4 + (at % Math.max(1, bytes.length - 5))] = value
        try {
          for (const { start, end } of rawFields(bytes)) expect(start <= end && end <= bytes.length).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(WireError)
        }
      }),
    )
  })
})

test("single values are read by type", () => {
  const bytes = bsonOf({ text: "grün", int: new Int32(-5), long: Long.fromNumber(5_000_000_000), double: new Double(1.5), flag: true })
  const read = (name: string) => {
    const field = findField(bytes, name)
    return field && [stringValue(bytes, field), numberValue(bytes, field)]
  }
  expect(read("text")).toEqual(["grün", undefined])
  expect(read("int")).toEqual([undefined, -5])
  expect(read("long")).toEqual([undefined, 5_000_000_000])
  expect(read("double")).toEqual([undefined, 1.5])
  expect(read("flag")).toEqual([undefined, undefined])
  expect(read("missing")).toBeUndefined()
})
