import { newJobId } from "@sluice/core"
import { expect, test } from "vitest"
import { Problem } from "../problems/problem.ts"
import { decodeCursor, encodeCursor } from "./cursor.ts"

const id = newJobId({ at: new Date(0) })

test("a cursor leads back to the id, and is safe in an address", () => {
  const cursor = encodeCursor(id)
  expect(decodeCursor(cursor)).toBe(id)
  expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
})

test.each([
  "x",
  id,
  encodeCursor(id).slice(1),
  `${encodeCursor(id)}=`,
  encodeCursor("job_1"),
  Buffer.from(`2:${id}`).toString("base64url"),
  "€",
])("refuses %s", (cursor) => {
  expect(() => decodeCursor(cursor)).toThrow(Problem)
})
