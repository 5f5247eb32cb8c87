import fc from "fast-check"
import { expect, test } from "vitest"
import { jsonPointer } from "./json-pointer.ts"

test.each([
  [[], "#"],
  [["input", "messages", 0, "role"], "#/input/messages/0/role"],
  [["a/b", "m~n", ""], "#/a~1b/m~0n/"],
  [["c%d", "e^f", 'k"l', " ", "ü", "#"], "#/c%25d/e%5Ef/k%22l/%20/%C3%BC/%23"],
])("%j becomes %s", (path, pointer) => {
  expect(jsonPointer(path)).toBe(pointer)
})

test("any short path can be read back (RFC 6901, section 4 and 6)", () => {
  const names = fc.array(
    fc.string({ unit: "binary", maxLength: 20 }).filter((name) => name.isWellFormed()),
    { maxLength: 5 },
  )
  fc.assert(
    fc.property(names, (path) => {
      const [, ...segments] = decodeURIComponent(jsonPointer(path)).split("/")
      expect(segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"))).toEqual(path)
    }),
  )
})

test("takes half of a surrogate pair, and cuts long names", () => {
  expect(jsonPointer(["\ud800"])).toBe("#/%EF%BF%BD")
  expect(jsonPointer(["x".repeat(1_000)]).length).toBeLessThan(100)
})
