import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { mongodbCandidates } from "./mongodb-candidates.ts"

let dataFolder: string
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "sluice-mongodb-"))
})
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }))

test("the ways to MongoDB are tried in this order, the stand-in last", () => {
  const run = async () => ({ exitCode: 1, stdout: "", stderr: "" })
  const candidates = mongodbCandidates({
    dataFolder,
    url: undefined,
    mayInstall: () => false,
    report: () => undefined,
    run,
    fetch,
    image: undefined,
  })
  expect(candidates.map(({ name }) => name)).toEqual([
    "MONGODB_URL",
    "already running here",
    "Docker",
    "mongod on the PATH",
    "mongod by mongodb-memory-server",
    "the stand-in DocumentDB",
  ])
})
