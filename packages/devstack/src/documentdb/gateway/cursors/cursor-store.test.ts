import { expect, test } from "vitest"
import { createCursorStore } from "./cursor-store.ts"

test("a continuation is handed out once, and again after it was added again", () => {
  const cursors = createCursorStore({ idleTimeoutMs: 100 })
  cursors.add("1", Buffer.from("a"))
  expect(cursors.take("1")?.toString()).toBe("a")
  expect(cursors.take("1")).toBeUndefined()
  cursors.add("1", Buffer.from("b"))
  expect(cursors.take("1")?.toString()).toBe("b")
})

test("what nobody asked for in time is forgotten", () => {
  let now = 0
  const cursors = createCursorStore({ idleTimeoutMs: 100, now: () => now })
  cursors.add("old", Buffer.from("a"))
  now = 60
  cursors.add("new", Buffer.from("b"))
  now = 100
  expect(cursors.expire()).toEqual(["old"])
  expect(cursors.take("old")).toBeUndefined()
  expect(cursors.take("new")).toBeDefined()
})
