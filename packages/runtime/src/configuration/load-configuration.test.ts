import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { loadConfiguration } from "./load-configuration.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-configuration-"))
})
afterAll(() => rm(folder, { recursive: true }))

test("reads and checks the file, and names it as it was given", async () => {
  const path = join(folder, "good.yaml")
  await writeFile(path, "endpoints: {}\nroutes: {}\n")
  expect(await loadConfiguration({ path })).toMatchObject({ endpoints: {}, routes: {} })
  await writeFile(path, "endpoints: {}\nroute: {}\n")
  await expect(loadConfiguration({ path })).rejects.toThrow(`${path}:2:1 route: Unknown key. Did you mean routes?`)
})

test("says what to do when there is no file", async () => {
  const path = join(folder, "absent.yaml")
  await expect(loadConfiguration({ path })).rejects.toMatchObject({
    name: "ConfigurationError",
    message: expect.stringMatching(/absent\.yaml: There is no such file\. Copy sluice\.example\.yaml .*SLUICE_CONFIG/),
    issues: [{ line: null, column: null, path: "" }],
    cause: { code: "ENOENT" },
  })
})

test("says what is wrong when it is a folder, or cannot be reached", async () => {
  await expect(loadConfiguration({ path: folder })).rejects.toThrow("This is a folder. Name the file in it with SLUICE_CONFIG.")
  const path = join(folder, "file.yaml")
  await writeFile(path, "")
  await expect(loadConfiguration({ path: join(path, "below") })).rejects.toThrow("This file cannot be read: ENOTDIR")
})
