import { expect, test } from "vitest"
import { ConnectionError } from "./connection-error.ts"
import { SluiceError } from "./sluice-error.ts"

const problem = { type: "", title: "T", status: 404, detail: "D.", instance: "", requestId: "req_1", retryable: false, errors: [] }
const notFound = new SluiceError({ problem: { ...problem, code: "not_found" } })

test("errors are told apart, also those of another copy of the package", () => {
  expect(SluiceError.isInstance(notFound)).toBe(true)
  expect(ConnectionError.isInstance(notFound)).toBe(false)
  expect(SluiceError.isInstance(new Error("other"))).toBe(false)
  expect(SluiceError.isInstance(null)).toBe(false)
  const ofAnotherCopy = Object.assign(new Error("D."), { [Symbol.for("sluice.client.SluiceError")]: true, code: "not_found" })
  expect(SluiceError.isInstance(ofAnotherCopy)).toBe(true)
  expect(SluiceError.isInstance(ofAnotherCopy, "not_found")).toBe(true)
})

test("and by their codes", () => {
  expect(SluiceError.isInstance(notFound, "conflict", "not_found")).toBe(true)
  expect(SluiceError.isInstance(notFound, "conflict")).toBe(false)
})

test("a code of a newer server keeps the union closed, and is in the problem", () => {
  const error = new SluiceError({ problem: { ...problem, code: "brand_new" } })
  expect(error.code).toBe("unknown_problem")
  expect(error.problem.code).toBe("brand_new")
})
