import { globSync, readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
// The dashboard is built.
const patterns = ["packages/*/src/**/*.ts", "apps/{api,bench,cli,worker}/src/**/*.ts", "scripts/**/*.ts"]

/** What the compiler and vitest take, Node's own parser does not always: `for (const of of list)` kept processes from starting. */
test("Node can strip the types of every file that it runs", () => {
  const files = globSync(patterns, { cwd: root })
  expect(files.length).toBeGreaterThan(500)
  const refused = files.flatMap((file) => {
    try {
      stripTypeScriptTypes(readFileSync(join(root, file), "utf8"))
      return []
    } catch (error) {
      return [`${file}: ${error}`]
    }
  })
  expect(refused).toEqual([])
})
