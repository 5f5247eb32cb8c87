import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Problem } from "../problems/problem.ts"
import { preferredWaitSeconds } from "./prefer-wait.ts"

describe("preferredWaitSeconds", () => {
  test.each([
    [undefined, null],
    ["", null],
    ["respond-async", null],
    ["respond-async, handling=lenient", null],
    ["waiting=3", null],
    ['foo="wait=3"', null],
    ['foo="a, wait=3"', null],
    ["foo; wait=3", null],
    ["wait=0", 0],
    ["wait=20", 20],
    ["Wait=20", 20],
    ['wait="20"', 20],
    ["wait = 20", 20],
    ["wait=20; strict", 20],
    ["respond-async, wait=20", 20],
    ['foo="a, \\"b", wait=20;x="y,z", bar', 20],
    ["wait=5, wait=9", 5],
    ["wait=60", 60],
    ["wait=61", 60],
    ["wait=999999999", 60],
  ])("reads %j as %j", (header, seconds) => {
    expect(preferredWaitSeconds(header)).toBe(seconds)
  })

  test.each(["wait", "wait=", "wait=x", "wait=-1", "wait=1.5", "wait=1s", 'wait=""', "wait=0x10", "respond-async, wait=never", "wait=1e1"])(
    "refuses %j",
    (header) => {
      expect(() => preferredWaitSeconds(header)).toThrow(Problem)
    },
  )

  test("gives any text an answer, in time that grows with its length", () => {
    const part = fc.constantFrom("wait", "=", "20", ",", ";", '"', "\\", " ", "a")
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.constantFrom(1, 500), (parts, times) => {
        try {
          const seconds = preferredWaitSeconds(parts.join("").repeat(times))
          expect(seconds === null || (seconds >= 0 && seconds <= 60)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
        }
      }),
    )
  })
})
