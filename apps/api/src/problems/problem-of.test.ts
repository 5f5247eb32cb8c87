import { expect, test } from "vitest"
import { Problem } from "./problem.ts"
import { problemOf } from "./problem-of.ts"

test("a problem is itself", () => {
  const problem = new Problem({ code: "conflict", detail: "x" })
  expect(problemOf(problem)).toBe(problem)
})

test("only the router's URIError is an address that there is not", () => {
  expect(problemOf(Object.assign(new URIError("x"), { status: 400 })).code).toBe("not_found")
  expect(problemOf(new URIError("x")).code).toBe("internal")
})

test.each([new Error("x"), Object.assign(new Error("x"), { status: 400 }), "x", null, undefined])("%s is internal", (error) => {
  expect(problemOf(error)).toMatchObject({ code: "internal", status: 500, cause: error })
})
