import { expect, test } from "vitest"
import { prettyBody } from "./pretty-body.ts"

test("JSON is laid out, anything else is left as it is", () => {
  expect(prettyBody('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
  expect(prettyBody("<html>no</html>")).toBe("<html>no</html>")
  expect(prettyBody("")).toBe("")
})
