import { describe, expect, test } from "vitest"
import { mayEject } from "./ejection.ts"

describe("at most half of a pool is ejected", () => {
  const ejectedOf = (poolSize: number): number => {
    let othersEjected = 0
    while (othersEjected < poolSize && mayEject({ poolSize, othersEjected, isDead: false })) othersEjected += 1
    return othersEjected
  }

  test("while they still answer some calls", () => {
    expect([2, 3, 4, 5, 6].map(ejectedOf)).toEqual([1, 1, 2, 2, 3])
  })

  test("except that a pool of one may lose its only endpoint", () => {
    expect(ejectedOf(1)).toBe(1)
  })

  test("and that those which answer nobody are", () => {
    expect(mayEject({ poolSize: 2, othersEjected: 1, isDead: true })).toBe(true)
  })
})
