import { describe, expect, test } from "vitest"
import type { CommandResult, CommandRunner } from "../system/run-command.ts"
import { findChromium } from "./find-chromium.ts"
import { installChromium } from "./install-chromium.ts"

/** Answers commands by their first words; others are not there. */
function machine(answers: Readonly<Record<string, readonly Partial<CommandResult>[]>>): { run: CommandRunner; calls: string[] } {
  const calls: string[] = []
  const asked = new Map<string, number>()
  const run: CommandRunner = async (command, args) => {
    const call = [command, ...args].join(" ")
    calls.push(call)
    const count = asked.get(call) ?? 0
    asked.set(call, count + 1)
    return { exitCode: 127, stdout: "", stderr: "E: Unable to locate package chromium", ...answers[call]?.[count] }
  }
  return { run, calls }
}

const install = "apt-get install --yes --no-install-recommends chromium"
const ok = { exitCode: 0 }
const report = () => undefined

describe("findChromium", () => {
  test("takes the first name on the PATH that is there", async () => {
    const { run } = machine({ "which google-chrome": [{ ...ok, stdout: "/opt/google/chrome" }] })
    expect(await findChromium({ run, playwrightsOwn: process.execPath })).toBe("/opt/google/chrome")
  })

  test("else takes Playwright's own, if it is there", async () => {
    const { run } = machine({})
    expect(await findChromium({ run, playwrightsOwn: process.execPath })).toBe(process.execPath)
    expect(await findChromium({ run, playwrightsOwn: "/nowhere/chrome" })).toBeUndefined()
  })
})

describe("installChromium", () => {
  test("reads the package lists when the package is not known", async () => {
    const { run, calls } = machine({ "apt-get --version": [ok], [install]: [{ exitCode: 100 }, ok], "apt-get update": [ok] })
    await installChromium({ run, report, isRoot: true })
    expect(calls).toEqual(["apt-get --version", install, "apt-get update", install])
  })

  test("says why it cannot be done, and what to do", async () => {
    const { run } = machine({ "apt-get --version": [ok, ok] })
    await expect(installChromium({ run, report, isRoot: false })).rejects.toThrow(/only root.*\n.*playwright-core install chromium/s)
    await expect(installChromium({ run, report, isRoot: true })).rejects.toThrow(/Unable to locate package/)
  })
})
