import { describe, expect, test } from "vitest"
import { idempotencyIndexName, jobIndexes } from "../indexes/jobs.ts"
import { DuplicateKeyError, itemErrors } from "./item-errors.ts"

describe("a duplicate key", () => {
  test.each([
    [
      "mongod",
      'E11000 duplicate key error collection: sluice.jobs index: tenant_idempotency_key dup key: { tenantId: "t", idempotencyKey: "_id_" }',
    ],
    ["the stand-in", "Duplicate key violation on the requested collection: Index 'tenant_idempotency_key'"],
  ])("of the idempotency index is recognised in the words of %s", (_engine, message) => {
    expect(new DuplicateKeyError(message).isOf(idempotencyIndexName)).toBe(true)
  })

  test.each([
    ["mongod", 'E11000 duplicate key error collection: sluice.jobs index: _id_ dup key: { _id: "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6" }'],
    ["the stand-in", "Duplicate key violation on the requested collection: Index '_id_'"],
  ])("of the id is not, in the words of %s", (_engine, message) => {
    expect(new DuplicateKeyError(message).isOf(idempotencyIndexName)).toBe(false)
  })

  test("can only be of one of two indexes", () => {
    expect(jobIndexes.filter(({ unique }) => unique).map(({ name }) => name)).toEqual([idempotencyIndexName])
  })
})

test("an error that is not about single items is thrown on", () => {
  const error = new Error("connection closed")
  expect(() => itemErrors(error)).toThrow(error)
})
