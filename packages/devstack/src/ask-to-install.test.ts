import { PassThrough } from "node:stream"
import { describe, expect, test } from "vitest"
import { askToInstall } from "./ask-to-install.ts"

function terminal(answer: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY })
  const output = new PassThrough()
  input.end(answer)
  return { input, output, asked: () => String(output.read() ?? "") }
}

describe("askToInstall", () => {
  test.each([
    ["\n", true],
    ["y\n", true],
    [" Yes \n", true],
    ["n\n", false],
    ["no\n", false],
    ["what?\n", false],
  ])("at a terminal, %j means %j", async (answer, expected) => {
    const { input, output, asked } = terminal(answer)
    expect(await askToInstall({ isAgreed: false, input, output })).toBe(expected)
    expect(asked()).toContain("redis-server")
  })

  test("nobody is asked who agreed already, or where nobody is", async () => {
    const agreed = terminal("n\n")
    expect(await askToInstall({ ...agreed, isAgreed: true })).toBe(true)
    const unattended = terminal("n\n", false)
    expect(await askToInstall({ ...unattended, isAgreed: false })).toBe(true)
    expect(agreed.asked() + unattended.asked()).toBe("")
  })
})
