import { describe, expect, test } from "vitest"
import { codeOfSqlState, codes, MongoError, unpackSqlState, WriteConflictError } from "./mongo-error.ts"

/** PostgreSQL's MAKE_SQLSTATE. */
function pack(state: string): number {
  return [...state].reduce((packed, character, i) => packed | ((character.charCodeAt(0) - 0x30) << (6 * i)), 0)
}

describe("codeOfSqlState", () => {
  test.each([
    ["M001C", 11000, "DuplicateKey"],
    ["M0001", 2, "BadValue"],
    ["M0008", 26, "NamespaceNotFound"],
    ["M001B", 10334, "BSONObjectTooLarge"],
    ["57014", 50, "MaxTimeMSExpired"],
    ["40P01", 112, "WriteConflict"],
    ["23P01", 11000, "DuplicateKey"],
    ["XXXXX", 1, "InternalError"],
  ])("%s is %i %s", (state, code, codeName) => {
    expect(codeOfSqlState(state)).toEqual({ code, codeName })
  })
})

test("packed states are unpacked", () => {
  for (const state of ["M001C", "40P01", "00000", "M00EQ", "ZZZZZ"]) expect(unpackSqlState(pack(state))).toBe(state)
  expect(unpackSqlState(319029277)).toBe("M001C") // as DocumentDB sent it
})

test("a write conflict is an error of MongoDB's that may be retried", () => {
  const error = new WriteConflictError("deadlock detected")
  expect(error).toBeInstanceOf(MongoError)
  expect(error).toMatchObject(codes.writeConflict)
})
