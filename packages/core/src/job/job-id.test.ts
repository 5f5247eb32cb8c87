import fc from "fast-check"
import { expect, test } from "vitest"
import { jobId } from "../contract/scalars.ts"
import { newJobId, uuidV7Hex } from "./job-id.ts"

test("the id of RFC 9562's example time has its bits in place", () => {
  const random = (into: Uint8Array) => into.fill(0xff)
  expect(uuidV7Hex({ at: new Date(0x017f22e279b0), random })).toBe("017f22e279b07fffbfffffffffffffff")
})

test("ids are valid on the wire and sort by the time at which they were made", () => {
  const times = fc.date({ min: new Date(0), max: new Date("9999-01-01T00:00:00Z"), noInvalidDate: true })
  fc.assert(
    fc.property(times, times, (one, other) => {
      const [a, b] = [newJobId({ at: one }), newJobId({ at: other })]
      expect(jobId.safeParse(a).success).toBe(true)
      if (one < other) expect(a < b).toBe(true)
    }),
  )
})

test("a hundred thousand ids of one millisecond differ", () => {
  const at = new Date()
  const ids = new Set(Array.from({ length: 100_000 }, () => newJobId({ at })))
  expect(ids.size).toBe(100_000)
})
