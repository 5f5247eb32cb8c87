import { describe, expect, test, vi } from "vitest"
import type { CommandRunner } from "../system/run-command.ts"
import { provideRedisServer } from "./provide-redis-server.ts"

const answering =
  (exitCodes: Readonly<Record<string, number>>, stdout = ""): CommandRunner =>
  (command) =>
    Promise.resolve({ exitCode: exitCodes[command] ?? 127, stdout, stderr: "" })

function setUp(run: CommandRunner, isWanted = true) {
  const install = vi.fn(() => Promise.resolve())
  return { install, provide: () => provideRedisServer({ mayInstall: () => isWanted, report: () => undefined, run, install }) }
}

describe("provideRedisServer", () => {
  test("leaves a machine alone that has one", async () => {
    const { install, provide } = setUp(answering({ "redis-server": 0 }, "Redis server v=7.0.15"))
    await provide()
    expect(install).not.toHaveBeenCalled()
  })

  test("says what is missing and what to do where it cannot be installed", async () => {
    const { install, provide } = setUp(answering({}))
    await expect(provide()).rejects.toThrow(/redis-server on the PATH: there is none.*no apt-get.*Install redis-server/s)
    expect(install).not.toHaveBeenCalled()
  })

  test("does not install what is not wanted", async () => {
    const { install, provide } = setUp(answering({ "apt-get": 0 }), false)
    await expect(provide()).rejects.toThrow(/redis-server from apt: (not wanted|only root)/)
    expect(install).not.toHaveBeenCalled()
  })
})
