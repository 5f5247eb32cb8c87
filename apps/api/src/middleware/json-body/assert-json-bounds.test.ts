import { describe, expect, test } from "vitest"
import { Problem } from "../../problems/problem.ts"
import { assertJsonBounds } from "./assert-json-bounds.ts"

const bounds = { maxDepth: 64, maxValues: 1_000 }
const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth))

function problemOf(value: unknown): Problem | null {
  try {
    assertJsonBounds(value, bounds)
    return null
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

describe("assertJsonBounds", () => {
  test("allows 64 levels and no more", () => {
    expect(problemOf(nested(64))).toBeNull()
    expect(problemOf(nested(65))?.errors).toMatchObject([{ pointer: "#", detail: expect.stringContaining("64 levels") }])
  })

  test("counts objects and arrays alike", () => {
    expect(problemOf({ a: nested(63) })).toBeNull()
    expect(problemOf({ a: nested(64) })).not.toBeNull()
  })

  test("bears any nesting", () => {
    expect(problemOf(nested(1_000_000))?.code).toBe("validation_failed")
  })

  test("allows so many values and no more", () => {
    expect(problemOf(Array(999).fill(0))).toBeNull()
    expect(problemOf(Array(1_000).fill(0))?.errors).toMatchObject([{ detail: expect.stringContaining("1000 values") }])
    expect(problemOf([Array(500).fill({}), { a: Array(500).fill("") }])).not.toBeNull()
  })

  test("points at numbers that a double cannot hold", () => {
    expect(problemOf(JSON.parse('{"a":{"b/c":[1,1e400]},"d":-1e999,"e":1e308}'))?.errors).toMatchObject([
      { pointer: "#/a/b~1c/1", code: "too_big" },
      { pointer: "#/d", code: "too_big" },
    ])
  })

  test.each([null, 1, "a", true, {}, []])("allows %j", (value) => {
    expect(problemOf(value)).toBeNull()
  })
})
