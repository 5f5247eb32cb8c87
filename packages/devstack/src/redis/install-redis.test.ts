import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { CommandRunner } from "../system/run-command.ts"
import { installObstacle, installRedis } from "./install-redis.ts"

let folder: string
let policyFile: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-policy-"))
  policyFile = join(folder, "policy-rc.d")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** An apt-get that answers one call after the other, and notes whether services were forbidden to start meanwhile. */
function apt(exitCodes: readonly number[]): { run: CommandRunner; calls: string[]; policies: string[] } {
  const rest = [...exitCodes]
  const calls: string[] = []
  const policies: string[] = []
  const run: CommandRunner = async (command, args) => {
    calls.push([command, ...args].join(" "))
    policies.push(existsSync(policyFile) ? readFileSync(policyFile, "utf8") : "")
    return { exitCode: rest.shift() ?? 0, stdout: "", stderr: "E: Unable to locate package redis-server" }
  }
  return { run, calls, policies }
}

const report = () => undefined
const install = "apt-get install --yes --no-install-recommends redis-server"
const disable = "systemctl disable redis-server"

describe("installRedis", () => {
  test("forbids the package to start a service of its own, and only meanwhile", async () => {
    const { run, calls, policies } = apt([0])
    await installRedis({ run, report, policyFile })
    expect(calls).toEqual([install, disable])
    expect(policies[0]).toBe("#!/bin/sh\nexit 101\n")
    expect(existsSync(policyFile)).toBe(false)
  })

  test("reads the package lists when the package is not known", async () => {
    const { run, calls } = apt([100, 0, 0])
    await installRedis({ run, report, policyFile })
    expect(calls).toEqual([install, "apt-get update", install, disable])
  })

  test("says what apt said when that does not help, and leaves no policy behind", async () => {
    const { run } = apt([100, 0, 100])
    await expect(installRedis({ run, report, policyFile })).rejects.toThrow(/Unable to locate package/)
    expect(existsSync(policyFile)).toBe(false)
  })

  test("leaves the policy of the machine as it is", async () => {
    writeFileSync(policyFile, "theirs")
    await installRedis({ run: apt([0]).run, report, policyFile })
    expect(readFileSync(policyFile, "utf8")).toBe("theirs")
  })
})

describe("installObstacle", () => {
  const search = { run: apt([0, 0, 0, 0]).run, isRoot: true }

  test("only root on Debian may install, when it is wanted", async () => {
    expect(await installObstacle({ ...search, mayInstall: () => true })).toBeUndefined()
    expect(await installObstacle({ ...search, mayInstall: async () => false })).toContain("--yes")
    expect(await installObstacle({ ...search, isRoot: false, mayInstall: () => true })).toContain("root")
    expect(await installObstacle({ ...search, run: apt([127]).run, mayInstall: () => true })).toContain("Debian")
  })

  test("nobody is asked when it could not be done anyway", async () => {
    let asked = 0
    const mayInstall = () => ++asked > 0
    await installObstacle({ ...search, run: apt([127]).run, mayInstall })
    await installObstacle({ ...search, isRoot: false, mayInstall })
    expect(asked).toBe(0)
  })
})
