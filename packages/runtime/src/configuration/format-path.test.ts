import { expect, test } from "vitest"
import { formatPath } from "./format-path.ts"

test.each([
  [[], ""],
  [["routes", "chat", "tiers", 0, "endpoints", 1], "routes.chat.tiers[0].endpoints[1]"],
  [["endpoints", "a-b", "headers", "x.y"], 'endpoints.a-b.headers["x.y"]'],
  [["endpoints", "4o"], 'endpoints["4o"]'],
  [[0, "a"], "[0].a"],
])("%j is %s", (path, expected) => {
  expect(formatPath(path)).toBe(expected)
})
