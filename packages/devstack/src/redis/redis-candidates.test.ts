import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { CommandRunner } from "../system/run-command.ts"
import { redisCandidates, redisServerObstacle } from "./redis-candidates.ts"

let dataFolder: string
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "sluice-redis-"))
})
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }))

const says =
  (stdout: string, exitCode = 0): CommandRunner =>
  async () => ({ exitCode, stdout, stderr: "" })

test("the ways to Redis are tried in this order", () => {
  const candidates = redisCandidates({ dataFolder, url: undefined, mayInstall: () => false, report: () => undefined, run: says("") })
  expect(candidates.map(({ name }) => name)).toEqual([
    "REDIS_URL",
    "already running here",
    "Docker",
    "redis-server on the PATH",
    "redis-server from apt",
  ])
})

describe("redisServerObstacle", () => {
  test("a recent redis-server will do, an old one or none will not", async () => {
    expect(await redisServerObstacle({ run: says("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0") })).toBeUndefined()
    expect(await redisServerObstacle({ run: says("Redis server v=6.2.0 sha=0") })).toBeUndefined()
    expect(await redisServerObstacle({ run: says("Redis server v=6.0.16 sha=0") })).toContain("6.0")
    expect(await redisServerObstacle({ run: says("", 127) })).toBe("there is none")
  })
})
