import { describe, expect, test } from "vitest"
import { filtersOf, jobsSearch, withStatusToggled } from "./jobs-search.ts"

const now = Date.parse("2026-11-29T14:00:00.000Z")

describe("filtersOf", () => {
  test("reads what the address has", () => {
    const search = jobsSearch({ status: "failed,expired", since: "1h", tier: "primary", metadata: "order=a=b", batchId: 7, other: "x" })
    expect(filtersOf(search, now)).toEqual({
      status: ["failed", "expired"],
      createdAfter: "2026-11-29T13:00:00.000Z",
      tier: "primary",
      metadata: { order: "a=b" },
      batchId: "7",
    })
  })

  test("leaves out what cannot be meant", () => {
    const search = jobsSearch({ status: "dead", since: "yesterday", tier: "best", quality: {}, errorType: "oops", metadata: "novalue" })
    expect(filtersOf(search, now)).toEqual({ status: [] })
  })
})

describe("withStatusToggled", () => {
  test("adds in the order of a job's life, takes away, and calls all of them none", () => {
    expect(withStatusToggled({ status: "failed" }, "queued")).toBe("queued,failed")
    expect(withStatusToggled({ status: "failed" }, "failed")).toBeUndefined()
    expect(withStatusToggled({ status: "queued,running,succeeded,failed,cancelled" }, "expired")).toBeUndefined()
  })
})
