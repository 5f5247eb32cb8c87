import { listJobsQuery } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { Problem } from "../problems/problem.ts"
import { assertNoQuery, parseQuery, readQuery } from "./read-query.ts"

function errorsOf(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error.errors
    throw error
  }
  return []
}

describe("readQuery", () => {
  test("reads parameters with their encoding undone", () => {
    expect(readQuery("/v1/jobs")).toEqual({})
    expect(readQuery("/v1/jobs?")).toEqual({})
    expect(readQuery("/v1/jobs?a=1&metadata.order%20id=%C3%BC+x&b=%zz")).toEqual({ a: "1", "metadata.order id": "ü x", b: "%zz" })
  })

  test("takes __proto__ for a name like any other", () => {
    const parameters = readQuery("/?__proto__=1")
    expect(Object.keys(parameters)).toEqual(["__proto__"])
    expect(errorsOf(() => parseQuery(z.strictObject({}), parameters))).toMatchObject([{ pointer: "query:__proto__" }])
  })

  test("refuses a parameter that is given twice", () => {
    expect(errorsOf(() => readQuery("/?a=1&b=2&a=3"))).toMatchObject([{ pointer: "query:a" }])
  })
})

describe("parseQuery", () => {
  test("names each parameter that is wrong", () => {
    const errors = errorsOf(() =>
      parseQuery(listJobsQuery, { limit: "500", status: "queued,,done", wrong: "1", createdAfter: "yesterday" }),
    )
    expect(errors.toSorted((a, b) => a.pointer.localeCompare(b.pointer))).toEqual([
      { pointer: "query:createdAfter", code: "invalid_format", detail: expect.stringContaining("2026-") },
      { pointer: "query:limit", code: "too_big", detail: 'Expected at most 200; got "500".' },
      {
        pointer: "query:status",
        code: "invalid_value",
        detail: expect.stringMatching(/^Expected queued, running, .* or expired; got "done"\.$/),
      },
      { pointer: "query:wrong", code: "unknown_field", detail: "There is no such parameter." },
    ])
  })

  test("refuses an empty value even where the schema would take it", () => {
    expect(errorsOf(() => parseQuery(listJobsQuery, { status: "" }))).toMatchObject([{ pointer: "query:status", code: "required" }])
  })

  test("cuts long names", () => {
    const [error] = errorsOf(() => assertNoQuery(`/?${"n".repeat(5_000)}=1`))
    expect(error?.pointer.length).toBeLessThan(100)
  })
})
