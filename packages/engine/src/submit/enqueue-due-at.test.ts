import { expect, test } from "vitest"
import { enqueueDueAt } from "./enqueue-due-at.ts"

const now = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(now.getTime() + ms)

test.each([
  ["at once: a little later", null, 5_000],
  ["overdue: a little later", -60_000, 5_000],
  ["soon: a little after its time", 60_000, 65_000],
  ["far off: a minute before its time", 60_001, 1],
])("a job that is due %s", (_when, inMs, expectedMs) => {
  expect(enqueueDueAt({ now, notBefore: inMs === null ? null : later(inMs) })).toEqual(later(expectedMs))
})
