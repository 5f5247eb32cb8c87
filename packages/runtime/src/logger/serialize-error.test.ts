import { describe, expect, test } from "vitest"
import { serializeError } from "./serialize-error.ts"

describe("serializeError", () => {
  test("keeps the whole chain of causes", () => {
    const root = Object.assign(new TypeError("socket hang up"), { code: "ECONNRESET" })
    const error = new Error("request failed", { cause: new Error("attempt failed", { cause: root }) })
    expect(serializeError(error)).toMatchObject({
      type: "Error",
      message: "request failed",
      stack: expect.stringContaining("serialize-error.test"),
      cause: { message: "attempt failed", cause: { type: "TypeError", message: "socket hang up", code: "ECONNRESET" } },
    })
  })

  test("names the class of an error, and keeps causes that are no errors", () => {
    class BudgetError extends Error {}
    expect(serializeError(new BudgetError("x", { cause: "spent" }))).toMatchObject({ type: "BudgetError", cause: "spent" })
  })

  test("lists the errors of an aggregate", () => {
    const error = new AggregateError([new Error("v4"), new Error("v6")], "both failed")
    expect(serializeError(error)).toMatchObject({ message: "both failed", errors: [{ message: "v4" }, { message: "v6" }] })
  })

  test("leaves out what drivers hang on their errors", () => {
    const error = Object.assign(new Error("WRONGPASS"), {
      code: "WRONGPASS",
      command: { name: "auth", args: ["user", "hunter2"] },
      writeErrors: [{ op: { prompt: "private" } }],
    })
    expect(serializeError(error)).toMatchObject({ code: "WRONGPASS" })
    expect(JSON.stringify(serializeError(error))).not.toMatch(/hunter2|private/)
    expect(JSON.stringify(serializeError(new Error("x", { cause: { prompt: "private" } })))).not.toContain("private")
  })

  test("ends on a circle, and on a chain without end", () => {
    const circle = new Error("circle")
    circle.cause = circle
    expect(JSON.stringify(serializeError(circle))).toContain("(Error again, or too deep)")
    let deep = new Error("0")
    for (let level = 1; level < 1_000; level++) deep = new Error(String(level), { cause: deep })
    expect(JSON.stringify(serializeError(deep)).length).toBeLessThan(20_000)
  })

  test("leaves frozen errors and what is no error as they are", () => {
    const frozen = Object.freeze(new Error("frozen"))
    expect(serializeError(frozen)).toMatchObject({ message: "frozen" })
    expect(serializeError({ type: "timeout" })).toEqual({ type: "timeout" })
  })
})
