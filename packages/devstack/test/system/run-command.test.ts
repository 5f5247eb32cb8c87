import { expect, test } from "vitest"
import { runCommand } from "../../src/system/run-command.ts"

test("returns the exit code and what was said", async () => {
  const lines: string[] = []
  const result = await runCommand("sh", ["-c", "echo out; echo err >&2; exit 3"], { onLine: (line) => lines.push(line) })
  expect(result).toEqual({ exitCode: 3, stdout: "out", stderr: "err" })
  expect(lines.sort()).toEqual(["err", "out"])
})

test("adds to the environment", async () => {
  const { stdout } = await runCommand("sh", ["-c", 'echo "$GREETING $PATH"'], { environment: { GREETING: "good day" } })
  expect(stdout).toMatch(/^good day \/.+/)
})

test("a program that is not there is 127", async () => {
  expect(await runCommand("no-such-program-here", ["--version"])).toMatchObject({
    exitCode: 127,
    stderr: expect.stringContaining("no-such-program-here"),
  })
})

test("a program that takes too long is ended", async () => {
  expect(await runCommand("sleep", ["60"], { timeoutMs: 50 })).toMatchObject({ exitCode: undefined })
})

test("a program is ended when the signal aborts", async () => {
  const controller = new AbortController()
  const running = runCommand("sleep", ["60"], { signal: controller.signal })
  controller.abort()
  expect(await running).toMatchObject({ exitCode: undefined })
})
