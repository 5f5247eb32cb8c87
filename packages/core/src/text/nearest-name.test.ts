import fc from "fast-check"
import { expect, test } from "vitest"
import { nearestName } from "./nearest-name.ts"

test.each([
  ["modle", ["provider", "model", "modes"], "model"],
  ["Model", ["model"], "model"],
  ["timout", ["network", "timeout"], "timeout"],
  ["endpoint", ["endpoints", "routes"], "endpoints"],
  ["foo", ["windowMs", "openMs"], null],
  ["x", [], null],
])("for %s among %j", (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected)
})

test("a name with one slip of the pen finds back among names that are far", () => {
  const letters = fc.stringMatching(/^[a-z]{4,12}$/)
  fc.assert(
    fc.property(letters, fc.nat(), fc.constantFrom("swap", "drop", "add", "change"), (name, at, slip) => {
      const index = at % (name.length - 1)
      const head = name.slice(0, index)
      const [first = "", second = ""] = name.slice(index, index + 2)
      const rest = name.slice(index + 2)
      const slipped = {
        swap: `${head}${second}${first}${rest}`,
        drop: `${head}${second}${rest}`,
        add: `${head}q${first}${second}${rest}`,
        change: `${head}q${second}${rest}`,
      }
      expect(nearestName(slipped[slip], ["0123456789012345678901234567", name])).toBe(name)
    }),
  )
})
